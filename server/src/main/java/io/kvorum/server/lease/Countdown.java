// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import io.kvorum.server.command.LeaseCommand.Remaining;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The deadlines of all leases while one member leads.
 *
 * <pre>
 *              wheel ──deadline──▶ over ──revocation under way──▶ gone
 *              ▲   └─every 5 min─▶ to write down ─┐   │
 *              └──────────────────────────────────┘   └─failed─▶ over
 * </pre>
 *
 * <p>A slot is in one of these lists, or in none while its revocation is under way. A renewal only
 * moves the deadline: the wheel comes to the slot at the old time and puts it back. Times are
 * milliseconds of the monotonic clock, rounded so that a lease never ends early.
 *
 * <p>A checkpoint is due each time a full interval has passed since the last renewal. Owned by one
 * thread.
 */
final class Countdown {

  private static final int OVER = TimingWheel.LISTS;
  private static final int TO_WRITE_DOWN = TimingWheel.LISTS + 1;

  /** Its time is over; it is not renewed any more. */
  private static final byte IS_OVER = 1;

  /** Its remaining time is written down, or on the way there. */
  private static final byte WRITTEN = 2;

  private final LeaseSlots slots = new LeaseSlots();
  private final SlotLists lists = new SlotLists(TimingWheel.LISTS + 2);
  private final TimingWheel wheel;
  private final long checkpointMillis;
  private long now;
  private int written;
  private int sweep;

  Countdown(long nowMillis, long checkpointMillis) {
    this.checkpointMillis = checkpointMillis;
    now = nowMillis;
    wheel = new TimingWheel(lists, this::due, nowMillis);
  }

  int count() {
    return slots.count();
  }

  /** How many leases have a remaining time written down. */
  int written() {
    return written;
  }

  // --- which leases there are ---

  /** Takes over what stands already, to be set going by {@link #begin}. */
  void takeOver(Lease lease, long patienceMillis) {
    long left = millis(lease.secondsToStartWith());
    int slot = newSlot(lease, now + left + 1 + patienceMillis);
    write(slot, lease.remainingSeconds() > 0);
  }

  /** Sets going what was taken over, no more than so many deadlines in one second. */
  void begin(int perSecondMax) {
    boolean spreads = slots.count() > Pace.UNSPREAD_MAX;
    Spread spread = new Spread(perSecondMax);
    for (int slot = 0; slot < slots.end(); slot++) {
      if (slots.isTaken(slot)) {
        if (spreads) {
          long second = spread.place(slots.deadline(slot) / 1000);
          slots.setDeadline(slot, Math.max(slots.deadline(slot), second * 1000));
        }
        wheel.schedule(slot);
      }
    }
  }

  void granted(Lease lease, long nowMillis) {
    revoked(lease.id());
    now = nowMillis;
    wheel.schedule(newSlot(lease, nowMillis + millis(lease.ttlSeconds()) + 1));
  }

  void revoked(long id) {
    int slot = slots.find(id);
    if (slot >= 0) {
      write(slot, false);
      lists.remove(slot);
      slots.remove(slot);
    }
  }

  /**
   * What a lease has left was written down.
   *
   * @return whether that is less than it has: then it must be taken back
   */
  boolean checkpointed(Lease lease, long nowMillis) {
    int slot = slots.find(lease.id());
    if (slot < 0) {
      return false;
    }
    write(slot, lease.remainingSeconds() > 0);
    return lease.remainingSeconds() > 0
        && millis(lease.remainingSeconds()) + 1000 < slots.deadline(slot) - nowMillis;
  }

  private int newSlot(Lease lease, long deadline) {
    int slot = slots.add(lease.id());
    lists.ensureSlots(slots.capacity());
    slots.set(slot, millis(lease.ttlSeconds()), deadline);
    return slot;
  }

  private void write(int slot, boolean isWritten) {
    if (slots.has(slot, WRITTEN) != isWritten) {
      slots.mark(slot, WRITTEN, isWritten);
      written += isWritten ? 1 : -1;
    }
  }

  /** Whatever a foreign record says, sums of two such times do not overflow. */
  private static long millis(long seconds) {
    return 1000 * Math.max(1, Math.min(seconds, LeaseStore.TTL_SECONDS_MAX));
  }

  // --- one lease ---

  /** Where it is found in the following; -1 when it is not known. */
  int find(long id) {
    return slots.find(id);
  }

  boolean isOver(int slot, long nowMillis) {
    return slots.has(slot, IS_OVER) || slots.deadline(slot) <= nowMillis;
  }

  boolean isWritten(int slot) {
    return slots.has(slot, WRITTEN);
  }

  long ttlSeconds(int slot) {
    return slots.ttlMillis(slot) / 1000;
  }

  long remainingMillis(int slot, long nowMillis) {
    return slots.deadline(slot) - nowMillis;
  }

  /** Gives a lease that is not over its full time; never less than it has. */
  void renew(int slot, long nowMillis) {
    slots.setDeadline(slot, Math.max(slots.deadline(slot), nowMillis + slots.ttlMillis(slot) + 1));
  }

  // --- all of them ---

  /** Lets time go on. */
  void advance(long nowMillis) {
    now = nowMillis;
    wheel.advance(nowMillis, this::reminded);
  }

  private void reminded(int slot) {
    if (slots.deadline(slot) <= now) {
      slots.mark(slot, IS_OVER, true);
      lists.add(OVER, slot);
    } else if (wheel.time() - start(slot) >= checkpointMillis) {
      lists.add(TO_WRITE_DOWN, slot);
    } else {
      wheel.schedule(slot);
    }
  }

  /** When it would have been renewed to have its deadline. */
  private long start(int slot) {
    return slots.deadline(slot) - slots.ttlMillis(slot);
  }

  /** The deadline, or the next checkpoint if that is earlier. */
  private long due(int slot) {
    long start = start(slot);
    long since = Math.max(0, wheel.time() - start);
    long next = start + (since / checkpointMillis + 1) * checkpointMillis;
    return Math.min(next, slots.deadline(slot));
  }

  /** The id of a lease that is over and is now to be revoked; 0 when there is none. */
  long pollOver() {
    int slot = lists.poll(OVER);
    return slot < 0 ? 0 : slots.id(slot);
  }

  /** Its revocation failed. */
  void overAgain(long id) {
    int slot = slots.find(id);
    if (slot >= 0 && slots.has(slot, IS_OVER) && !lists.isIn(slot)) {
      lists.add(OVER, slot);
    }
  }

  /**
   * What is due to be written down, at most {@code countMax}.
   *
   * @param writes whether it really will be
   */
  List<Remaining> pollToWriteDown(int countMax, boolean writes) {
    List<Remaining> remaining = new ArrayList<>();
    while (remaining.size() < countMax) {
      int slot = lists.poll(TO_WRITE_DOWN);
      if (slot < 0) {
        break;
      }
      long left = slots.deadline(slot) - now;
      boolean renewed = now - start(slot) < checkpointMillis / 2;
      if (writes && left > 0 && !renewed) {
        write(slot, true);
        remaining.add(new Remaining(slots.id(slot), Math.ceilDiv(left, 1000L)));
      }
      wheel.schedule(slot);
    }
    return remaining;
  }

  /** Some of those that have a remaining time written down, to take it back. */
  List<Remaining> someWritten(int countMax) {
    List<Remaining> some = new ArrayList<>();
    for (int looked = 0; looked < slots.end() && some.size() < countMax; looked++) {
      sweep = sweep + 1 < slots.end() ? sweep + 1 : 0;
      if (slots.isTaken(sweep) && slots.has(sweep, WRITTEN)) {
        some.add(new Remaining(slots.id(sweep), 0));
      }
    }
    return some;
  }

  /** All ids, the one that ends first at the front. */
  long[] inOrderOfDeadline() {
    long[][] leases = new long[slots.count()][];
    int count = 0;
    for (int slot = 0; slot < slots.end(); slot++) {
      if (slots.isTaken(slot)) {
        leases[count++] = new long[] {slots.deadline(slot), slots.id(slot)};
      }
    }
    Arrays.sort(leases, Countdown::compare);
    long[] ids = new long[count];
    for (int i = 0; i < count; i++) {
      ids[i] = leases[i][1];
    }
    return ids;
  }

  private static int compare(long[] one, long[] other) {
    int byDeadline = Long.compare(one[0], other[0]);
    return byDeadline != 0 ? byDeadline : Long.compare(one[1], other[1]);
  }
}
