// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Reminders against a plain list of times: none too early, none late, none lost or doubled. */
class TimingWheelTest {

  private static final int SLOTS = 300;
  private static final long TICK_MILLIS = 128;

  private final long seed = Long.getLong("seed", new Random().nextLong());
  private final Random random = new Random(seed);

  private final long[] due = new long[SLOTS];
  private final long[] placed = new long[SLOTS];
  private final TreeSet<Integer> set = new TreeSet<>();
  private final SlotLists lists = new SlotLists(TimingWheel.LISTS + 1);
  private long now = random.nextLong(1L << 40);
  private int reminders;
  private int putBack;
  private final TimingWheel wheel = new TimingWheel(lists, slot -> due[slot], now);

  @Test
  void everybodyIsRemindedInTime() {
    lists.ensureSlots(SLOTS);
    try {
      for (int step = 0; step < 5_000; step++) {
        int slot = random.nextInt(SLOTS);
        if (!set.contains(slot)) {
          due[slot] = now + time();
          placed[slot] = due[slot];
          wheel.schedule(slot);
          set.add(slot);
        } else if (random.nextInt(3) == 0) {
          // Later only, and nobody is told.
          due[slot] = Math.max(due[slot], now + time());
        } else if (random.nextInt(4) == 0) {
          lists.remove(slot);
          set.remove(slot);
        }
        now += random.nextInt(10) == 0 ? random.nextInt(600_000) : random.nextInt(300);
        wheel.advance(now, this::reminded);
        set.forEach(
            waiting ->
                assertTrue(due[waiting] + TICK_MILLIS > now, () -> "slot " + waiting + " late"));
      }
    } catch (AssertionError failure) {
      throw new AssertionError("replay with -Dseed=" + seed, failure);
    }
    assertTrue(reminders > 300 && putBack > 0, reminders + " reminders, " + putBack + " back");
  }

  private void reminded(int slot) {
    assertTrue(set.remove(slot), "slot " + slot + " twice");
    assertTrue(placed[slot] <= now, "slot " + slot + " before its time");
    if (due[slot] > now) {
      placed[slot] = due[slot];
      wheel.schedule(slot);
      set.add(slot);
      putBack++;
    } else {
      reminders++;
    }
  }

  /** Mostly short, now and then minutes, days, centuries. */
  private long time() {
    return switch (random.nextInt(12)) {
      case 0 -> random.nextLong(600_000);
      case 1 -> random.nextLong(100_000_000);
      case 2 -> random.nextInt(50) == 0 ? 9_000_000_000_000L : random.nextLong(1_000_000_000);
      default -> random.nextLong(4_000);
    };
  }

  @Test
  void listsKeepTheirOrder() {
    SlotLists two = new SlotLists(2);
    two.ensureSlots(10);
    for (int slot = 0; slot < 5; slot++) {
      two.add(0, slot);
      two.add(1, slot + 5);
    }
    two.remove(0);
    two.remove(4);
    two.remove(2);
    two.remove(2);
    assertEquals(1, two.poll(0));
    two.add(0, 2);
    assertEquals(3, two.poll(0));
    assertEquals(2, two.poll(0));
    assertEquals(-1, two.poll(0));
    assertEquals(5, two.first(1));
    assertEquals(9, two.last(1));
  }
}
