// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

/** What came of checking a history. */
public sealed interface Verdict {

  /**
   * Some order explains all answers.
   *
   * @param operations how many were checked, those of unknown fate included
   * @param parts how many groups of keys they fell into
   * @param visited how many configurations the search looked at
   */
  record Linearizable(int operations, int parts, long visited) implements Verdict {}

  /**
   * No order explains all answers.
   *
   * @param story the shortest beginning of the history that fails already, and what stands in its
   *     way; for a reader
   */
  record NotLinearizable(String story) implements Verdict {}

  /**
   * The search reached its bound before it knew; neither good nor bad.
   *
   * @param part the keys it was about
   */
  record GaveUp(String part, long visited) implements Verdict {}

  /** Whether an explaining order was found. */
  default boolean isGood() {
    return this instanceof Linearizable;
  }
}
