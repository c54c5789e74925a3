// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The indexes, or revisions, at which answered writes to any key stand. A write of unknown fate can
 * only have one of the others, and there are few of them: that is what keeps the search short.
 */
final class TakenIndexes {
  private final Set<Long> taken = new HashSet<>();

  TakenIndexes(LongStream taken) {
    taken.forEach(this.taken::add);
  }

  /** The first one behind that one that nobody is known to have. */
  long nextFree(long index) {
    long next = index + 1;
    while (taken.contains(next)) {
      next++;
    }
    return next;
  }
}
