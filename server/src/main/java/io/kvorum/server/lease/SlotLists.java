// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import java.util.Arrays;

/**
 * Lists of small numbers (slots), each slot in one list at most: joining, leaving and taking the
 * first all take a constant time, and nothing is allocated per member.
 *
 * <p>The links of a slot at an end of its list name the list, as {@code ~list}, so that it can
 * leave without being told where it is. Owned by one thread.
 */
final class SlotLists {

  private static final int NONE = -1;

  /** In {@code next}: in no list. No link has this value, as lists are few. */
  private static final int OUTSIDE = Integer.MIN_VALUE;

  private final int[] first;
  private final int[] last;
  private int[] next = {};
  private int[] previous = {};

  SlotLists(int lists) {
    first = new int[lists];
    last = new int[lists];
    Arrays.fill(first, NONE);
    Arrays.fill(last, NONE);
  }

  /** Makes room for slots 0 to {@code count} - 1. */
  void ensureSlots(int count) {
    int before = next.length;
    if (count > before) {
      next = Arrays.copyOf(next, count);
      previous = Arrays.copyOf(previous, count);
      Arrays.fill(next, before, count, OUTSIDE);
    }
  }

  boolean isIn(int slot) {
    return next[slot] != OUTSIDE;
  }

  /** Adds a slot that is in no list to the end of {@code list}. */
  void add(int list, int slot) {
    int end = last[list];
    next[slot] = ~list;
    if (end == NONE) {
      previous[slot] = ~list;
      first[list] = slot;
    } else {
      previous[slot] = end;
      next[end] = slot;
    }
    last[list] = slot;
  }

  /** Takes a slot out of its list, if it is in one. */
  void remove(int slot) {
    if (!isIn(slot)) {
      return;
    }
    int after = next[slot];
    int before = previous[slot];
    if (before < 0) {
      first[~before] = after < 0 ? NONE : after;
    } else {
      next[before] = after;
    }
    if (after < 0) {
      last[~after] = before < 0 ? NONE : before;
    } else {
      previous[after] = before;
    }
    next[slot] = OUTSIDE;
  }

  /** The first of {@code list}; -1 when there is none. */
  int first(int list) {
    return first[list];
  }

  /** The last of {@code list}; -1 when there is none. */
  int last(int list) {
    return last[list];
  }

  /** Takes the first out of {@code list}; -1 when there is none. */
  int poll(int list) {
    int slot = first[list];
    if (slot != NONE) {
      remove(slot);
    }
    return slot;
  }
}
