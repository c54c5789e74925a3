// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

/**
 * An index or a revision at which something was written: known, or, when the write was not
 * answered, only known to lie behind what was seen before it. The first answer that shows it makes
 * it known.
 *
 * @param at the position, or the first one possible
 */
public record Mark(long at, boolean isKnown) {

  static Mark exactly(long at) {
    return new Mark(at, true);
  }

  static Mark atLeast(long at) {
    return new Mark(at, false);
  }

  /** Whether it can be that position. */
  boolean fits(long position) {
    return isKnown ? at == position : at <= position;
  }

  @Override
  public String toString() {
    return isKnown ? Long.toString(at) : at + " or later";
  }
}
