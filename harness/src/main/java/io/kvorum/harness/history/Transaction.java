// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.List;

/**
 * A request to the v3 keyspace; a plain put, range of one key or deletion is a transaction without
 * conditions. All its steps see what the earlier ones did.
 *
 * @param then what is done when all conditions hold
 * @param otherwise what is done when one does not
 */
public record Transaction(List<Condition> conditions, List<Step> then, List<Step> otherwise) {
  public Transaction {
    conditions = List.copyOf(conditions);
    then = List.copyOf(then);
    otherwise = List.copyOf(otherwise);
  }

  /** One step, always done. */
  public static Transaction of(Step step) {
    return new Transaction(List.of(), List.of(step), List.of());
  }

  /** What is asked of one key before. */
  public sealed interface Condition {
    /** Which one. */
    String key();
  }

  /** It is there and has that value. */
  public record ValueIs(String key, String value) implements Condition {}

  /** It was last written at that revision; 0 when it is not there. */
  public record ModifiedAt(String key, long revision) implements Condition {}

  /** It was written so often since it was created; 0 when it is not there. */
  public record VersionIs(String key, long version) implements Condition {}

  /** What is done to one key. */
  public sealed interface Step {
    /** Which one. */
    String key();
  }

  /** Reads it. */
  public record Get(String key) implements Step {}

  /** Writes it. */
  public record Put(String key, String value) implements Step {}

  /** Removes it. */
  public record Delete(String key) implements Step {}
}
