// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.BitSet;
import java.util.Set;

/**
 * Which operations of known fate have their place, and the states that this can have led to.
 *
 * <p>They get their places nearly in the order of their numbers, so only what lies behind the first
 * gap is kept; the key then stays small however long the history is.
 *
 * @param firstGap the first one without a place
 * @param behind those with a place behind it
 */
record Placed<S>(int firstGap, BitSet behind, Set<S> states) {

  /** A picture of the set as it is now. */
  static <S> Placed<S> of(BitSet known, Set<S> states) {
    int firstGap = known.nextClearBit(0);
    BitSet behind = known.get(firstGap, Math.max(firstGap, known.length()));
    return new Placed<>(firstGap, behind, states);
  }
}
