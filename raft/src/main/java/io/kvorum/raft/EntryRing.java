// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive entries in a ring: growing at the end, shrinking at both ends, any one in O(1), and
 * the sum of their encoded sizes always at hand.
 */
final class EntryRing {

  private static final int CAPACITY_MIN = 64;

  /** A power of two long, so that a position is a mask away. */
  private @Nullable Entry[] slots = new @Nullable Entry[CAPACITY_MIN];

  private LogPosition before;
  private int head;
  private int count;
  private long bytes;

  EntryRing(LogPosition before) {
    this.before = before;
  }

  /** The position just before the first entry. */
  LogPosition before() {
    return before;
  }

  long lastIndex() {
    return before.index() + count;
  }

  LogPosition last() {
    return count == 0 ? before : get(lastIndex()).position();
  }

  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return count == 0;
  }

  Entry get(long index) {
    long offset = index - before.index() - 1;
    if (offset < 0 || offset >= count) {
      throw new IndexOutOfBoundsException(
          "index " + index + " is outside (" + before.index() + ", " + lastIndex() + "]");
    }
    return at((int) offset);
  }

  /** Appends the entry that follows {@link #lastIndex()}. */
  void add(Entry entry) {
    if (entry.index() != lastIndex() + 1) {
      throw new BrokenInvariant(
          "entry " + entry.index() + " was to follow entry " + lastIndex() + " of the log");
    }
    if (count == slots.length) {
      grow();
    }
    slots[(head + count) & (slots.length - 1)] = entry;
    count++;
    bytes += RaftWire.size(entry);
  }

  /** Drops the first entry; {@link #before()} moves onto it. */
  void removeFirst() {
    Entry first = at(0);
    slots[head] = null;
    head = (head + 1) & (slots.length - 1);
    count--;
    bytes -= RaftWire.size(first);
    before = first.position();
  }

  /** Drops every entry behind {@code index}. */
  void truncateAfter(long index) {
    while (lastIndex() > index && count > 0) {
      int slot = (head + count - 1) & (slots.length - 1);
      bytes -= RaftWire.size(at(count - 1));
      slots[slot] = null;
      count--;
    }
  }

  /** Empties the ring and starts again behind {@code position}. */
  void restart(LogPosition position) {
    slots = new @Nullable Entry[CAPACITY_MIN];
    head = 0;
    count = 0;
    bytes = 0;
    before = position;
  }

  /** The entries from {@code from} to {@code to}, both included, as an unmodifiable copy. */
  List<Entry> copy(long from, long to) {
    if (to < from) {
      return List.of();
    }
    Entry[] copy = new Entry[(int) (to - from + 1)];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = get(from + i);
    }
    return Collections.unmodifiableList(Arrays.asList(copy));
  }

  private Entry at(int offset) {
    Entry entry = slots[(head + offset) & (slots.length - 1)];
    if (entry == null) {
      throw new BrokenInvariant("hole in the log behind entry " + (before.index() + offset));
    }
    return entry;
  }

  private void grow() {
    @Nullable Entry[] larger = new @Nullable Entry[slots.length * 2];
    int untilEnd = slots.length - head;
    System.arraycopy(slots, head, larger, 0, untilEnd);
    System.arraycopy(slots, 0, larger, untilEnd, head);
    slots = larger;
    head = 0;
  }
}
