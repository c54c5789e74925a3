// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a search has been: from the same place nothing new can be found with the same operations of
 * unknown fate used up, or with more of them.
 */
final class Visited<S> {
  private final Map<Placed<S>, List<BitSet>> usedUp = new HashMap<>();
  private long count;

  /** Whether it is worth going on from here; remembered when it is. */
  boolean add(BitSet known, BitSet unknown, Set<S> states) {
    List<BitSet> before =
        usedUp.computeIfAbsent(Placed.of(known, states), key -> new ArrayList<>(1));
    for (BitSet fewer : before) {
      if (isWithin(fewer, unknown)) {
        return false;
      }
    }
    before.add((BitSet) unknown.clone());
    count++;
    return true;
  }

  private static boolean isWithin(BitSet fewer, BitSet more) {
    for (int i = fewer.nextSetBit(0); i >= 0; i = fewer.nextSetBit(i + 1)) {
      if (!more.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** How many places are remembered. */
  long count() {
    return count;
  }
}
