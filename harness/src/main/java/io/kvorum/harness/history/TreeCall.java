// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

/** A request about one key of the v2 tree, which is never a directory and has no TTL. */
public sealed interface TreeCall {

  /** Which one. */
  String key();

  /** A quorum read. */
  record Get(String key) implements TreeCall {}

  /** Sets it, whatever is there. */
  record Set(String key, String value) implements TreeCall {}

  /** Sets it when nothing is there. */
  record Create(String key, String value) implements TreeCall {}

  /** Sets it when something is there; keeps when it was created. */
  record Update(String key, String value) implements TreeCall {}

  /** Sets it when it has that value. */
  record SwapValue(String key, String from, String value) implements TreeCall {}

  /** Sets it when it was last written at that index. */
  record SwapIndex(String key, long from, String value) implements TreeCall {}

  /** Removes it. */
  record Delete(String key) implements TreeCall {}

  /** Removes it when it has that value. */
  record DeleteValue(String key, String from) implements TreeCall {}
}
