// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import java.util.function.IntConsumer;
import java.util.function.IntToLongFunction;

/**
 * Reminds of slots when their time has come, in constant time however many there are.
 *
 * <p>Levels of 64 lists: the first has a list for each of the next 64 ticks, the second one for
 * each of the next 64 rounds of the first, and so on; when a round is over, the next list of the
 * level above is dealt out again (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels").
 *
 * <p>Where a slot is dealt out to is asked anew each time. So whoever only moves a time further
 * into the future needs not tell: the slot comes up at the old time and is put back by its owner.
 * That makes a renewal one write to one number. Owned by one thread.
 */
final class TimingWheel {

  /** 128 ms a tick: nobody is reminded earlier than asked for, or later by more than that. */
  private static final int TICK_BITS = 7;

  private static final int LEVEL_BITS = 6;
  private static final int LISTS_PER_LEVEL = 1 << LEVEL_BITS;
  private static final int INDEX_MASK = LISTS_PER_LEVEL - 1;

  /** Enough for any time: what is too far away waits in the last level. */
  private static final int LEVELS = 7;

  /** How many lists a wheel takes, numbered from 0. */
  static final int LISTS = LEVELS * LISTS_PER_LEVEL;

  private static final long FURTHEST = (1L << (LEVEL_BITS * LEVELS)) - 1;

  private final SlotLists lists;
  private final IntToLongFunction due;

  /** Everything before this tick has been reminded of. */
  private long tick;

  /**
   * @param lists of which the first {@link #LISTS} are this wheel's
   * @param due when a slot is to be reminded of, in milliseconds of the same clock as all others
   */
  TimingWheel(SlotLists lists, IntToLongFunction due, long nowMillis) {
    this.lists = lists;
    this.due = due;
    tick = nowMillis >> TICK_BITS;
  }

  /** The moment up to which it has reminded, which lags behind while {@link #advance} runs. */
  long time() {
    return (tick - 1) << TICK_BITS;
  }

  /** Sets a slot that is in no list to its time. */
  void schedule(int slot) {
    // The first tick that begins at or after the time, so that nothing comes up too early.
    long wanted = ((due.applyAsLong(slot) - 1) >> TICK_BITS) + 1;
    long at = Math.max(tick, Math.min(wanted, tick + FURTHEST - 1));
    int level = (63 - Long.numberOfLeadingZeros((at ^ tick) | 1)) / LEVEL_BITS;
    int place = Math.min(level, LEVELS - 1);
    lists.add(place * LISTS_PER_LEVEL + (int) (at >> (LEVEL_BITS * place) & INDEX_MASK), slot);
  }

  /** Hands over every slot whose time has come; each is in no list then. */
  void advance(long nowMillis, IntConsumer reminded) {
    long now = nowMillis >> TICK_BITS;
    while (tick <= now) {
      dealOut();
      int list = (int) (tick & INDEX_MASK);
      // From here on a slot that is put back goes to a later tick.
      tick++;
      for (int slot = lists.poll(list); slot >= 0; slot = lists.poll(list)) {
        reminded.accept(slot);
      }
    }
  }

  /** At the beginning of a round: the level above gives what belongs to it. */
  private void dealOut() {
    long rounds = tick;
    for (int level = 1; level < LEVELS && (rounds & INDEX_MASK) == 0; level++) {
      rounds >>= LEVEL_BITS;
      dealOut(level * LISTS_PER_LEVEL + (int) (rounds & INDEX_MASK));
    }
  }

  private void dealOut(int list) {
    int end = lists.last(list);
    if (end < 0) {
      return;
    }
    int slot;
    do {
      slot = lists.poll(list);
      schedule(slot);
    } while (slot != end);
  }
}
