// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

/** Appends under way to one follower, by the index of their last entry, oldest first. */
final class Inflights {

  private final int max;
  private long[] ends = new long[8];
  private int head;
  private int count;

  Inflights(int max) {
    this.max = max;
  }

  boolean isFull() {
    return count == max;
  }

  int count() {
    return count;
  }

  void add(long end) {
    if (isFull()) {
      throw new BrokenInvariant("more than " + max + " appends under way");
    }
    if (count == ends.length) {
      grow();
    }
    ends[(head + count) % ends.length] = end;
    count++;
  }

  /** The follower answered up to {@code index}. */
  void freeTo(long index) {
    while (count > 0 && ends[head] <= index) {
      head = (head + 1) % ends.length;
      count--;
    }
  }

  void clear() {
    head = 0;
    count = 0;
  }

  private void grow() {
    long[] larger = new long[Math.min(max, ends.length * 2)];
    for (int i = 0; i < count; i++) {
      larger[i] = ends[(head + i) % ends.length];
    }
    ends = larger;
    head = 0;
  }
}
