// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.List;
import java.util.Optional;

/**
 * What the v3 API said.
 *
 * @param revision of its header: that of the write itself, when anything was written
 * @param succeeded whether the conditions held
 * @param steps for each step that was done, what it said
 */
public record TransactionAnswer(long revision, boolean succeeded, List<StepAnswer> steps) {
  public TransactionAnswer {
    steps = List.copyOf(steps);
  }

  /** Whether anything was written, so that the revision is its own. */
  boolean isWrite() {
    return steps.stream()
        .anyMatch(step -> step instanceof Stored || (step instanceof Removed r && r.count() > 0));
  }

  /** What one step said. */
  public sealed interface StepAnswer {}

  /** Of a read: what is there, if anything. */
  public record Got(Optional<Version> version) implements StepAnswer {}

  /** Of a put: nothing but that it was done. */
  public record Stored() implements StepAnswer {}

  /** Of a deletion: how many keys there were, 0 or 1. */
  public record Removed(long count) implements StepAnswer {}

  /**
   * A key as a read shows it.
   *
   * @param version how often it was written since it was created
   */
  public record Version(String value, long created, long modified, long version) {}
}
