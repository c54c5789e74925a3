// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import java.util.Arrays;

/**
 * Gives each lease a small number, its slot, and keeps what is counted about it under that number:
 * about 40 bytes a lease, in a few arrays that the collector has nothing to do with.
 *
 * <p>Ids are found by open addressing; an entry that is removed closes the gap it leaves, so a
 * table that sees many leases come and go does not wear out. Owned by one thread.
 */
final class LeaseSlots {

  private static final int SLOTS_AT_FIRST = 1024;

  /** Slots by hash, plus one; 0 is free. Never more than three quarters full. */
  private int[] table = new int[2 * SLOTS_AT_FIRST];

  private long[] ids = new long[SLOTS_AT_FIRST];
  private long[] ttlMillis = new long[SLOTS_AT_FIRST];
  private long[] deadlines = new long[SLOTS_AT_FIRST];
  private byte[] marks = new byte[SLOTS_AT_FIRST];

  /** Free slots below {@link #used}: a chain through their {@link #ids}, begun at {@code free}. */
  private int free = -1;

  private int used;
  private int count;

  int count() {
    return count;
  }

  /** Every slot ever given is below this. */
  int end() {
    return used;
  }

  /** How many slots there is room for now. */
  int capacity() {
    return ids.length;
  }

  /** The slot of {@code id}; -1 when it has none. */
  int find(long id) {
    for (int at = start(id); table[at] != 0; at = after(at)) {
      int slot = table[at] - 1;
      if (ids[slot] == id) {
        return slot;
      }
    }
    return -1;
  }

  /** A slot for {@code id}, which has none. */
  int add(long id) {
    if (4L * (count + 1) > 3L * table.length) {
      rehash();
    }
    int slot = newSlot();
    ids[slot] = id;
    marks[slot] = 0;
    put(slot);
    count++;
    return slot;
  }

  private int newSlot() {
    if (free >= 0) {
      int slot = free;
      free = (int) ids[slot];
      return slot;
    }
    if (used == ids.length) {
      int more = used + (used >> 1);
      ids = Arrays.copyOf(ids, more);
      ttlMillis = Arrays.copyOf(ttlMillis, more);
      deadlines = Arrays.copyOf(deadlines, more);
      marks = Arrays.copyOf(marks, more);
    }
    return used++;
  }

  void remove(int slot) {
    int gap = start(ids[slot]);
    while (table[gap] != slot + 1) {
      gap = after(gap);
    }
    close(gap);
    marks[slot] = FREE;
    ids[slot] = free;
    free = slot;
    count--;
  }

  /** Moves what was pushed past the gap into it, until nothing was. */
  private void close(int start) {
    int gap = start;
    for (int at = after(gap); table[at] != 0; at = after(at)) {
      int home = start(ids[table[at] - 1]);
      boolean passes = gap <= at ? home <= gap || home > at : home <= gap && home > at;
      if (passes) {
        table[gap] = table[at];
        gap = at;
      }
    }
    table[gap] = 0;
  }

  private void rehash() {
    table = new int[2 * table.length];
    for (int slot = 0; slot < used; slot++) {
      if (isTaken(slot)) {
        put(slot);
      }
    }
  }

  private void put(int slot) {
    int at = start(ids[slot]);
    while (table[at] != 0) {
      at = after(at);
    }
    table[at] = slot + 1;
  }

  private int start(long id) {
    // Ids count up in their low bits and are equal in the high ones (Fibonacci hashing).
    long spread = id * 0x9e3779b97f4a7c15L;
    return (int) (spread >>> (64 - Integer.numberOfTrailingZeros(table.length)));
  }

  private int after(int at) {
    return at + 1 & table.length - 1;
  }

  // --- what is counted ---

  private static final byte FREE = (byte) 0x80;

  boolean isTaken(int slot) {
    return marks[slot] != FREE;
  }

  long id(int slot) {
    return ids[slot];
  }

  /** The full time of a lease. */
  long ttlMillis(int slot) {
    return ttlMillis[slot];
  }

  /** When it ends. */
  long deadline(int slot) {
    return deadlines[slot];
  }

  void set(int slot, long newTtlMillis, long newDeadline) {
    ttlMillis[slot] = newTtlMillis;
    deadlines[slot] = newDeadline;
  }

  void setDeadline(int slot, long newDeadline) {
    deadlines[slot] = newDeadline;
  }

  boolean has(int slot, byte mark) {
    return (marks[slot] & mark) != 0;
  }

  void mark(int slot, byte mark, boolean on) {
    marks[slot] = (byte) (on ? marks[slot] | mark : marks[slot] & ~mark);
  }
}
