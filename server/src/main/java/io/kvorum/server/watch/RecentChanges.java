// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The last changes, in a ring: one copy for all watchers. Revisions follow each other without a
 * gap, so a revision's place is its number; a reader who finds another one there, or none, came too
 * late. The apply thread writes, any thread reads, nobody waits.
 */
final class RecentChanges {

  private final AtomicReferenceArray<Change> ring;
  private final int mask;
  private final long bytesMax;
  private long bytes;
  private long first;
  private long next;

  /**
   * @param capacity a power of two
   */
  RecentChanges(int capacity, long bytesMax) {
    ring = new AtomicReferenceArray<>(capacity);
    mask = capacity - 1;
    this.bytesMax = bytesMax;
  }

  /** The change of {@code revision}, as long as it is kept. Any thread. */
  Optional<Change> find(long revision) {
    Change found = ring.get((int) revision & mask);
    return found != null && found.revision() == revision ? Optional.of(found) : Optional.empty();
  }

  /** Adds the change that follows the last one; the first one is whatever comes first. */
  void add(Change change) {
    if (first == next) {
      first = change.revision();
      next = first;
    }
    if (change.revision() != next) {
      throw new IllegalStateException(
          "watch: revision " + change.revision() + " after " + (next - 1) + ", expected the next");
    }
    if (next - first > mask) {
      dropFirst();
    }
    ring.set((int) next & mask, change);
    next++;
    bytes += change.bytes();
    while (bytes > bytesMax && first < next - 1) {
      dropFirst();
    }
  }

  void clear() {
    while (first < next) {
      dropFirst();
    }
  }

  private void dropFirst() {
    int place = (int) first & mask;
    bytes -= ring.get(place).bytes();
    ring.set(place, null);
    first++;
  }

  /** About what is held, in bytes. The apply thread. */
  long bytes() {
    return bytes;
  }
}
