// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.server.command.LeaseCommand.Remaining;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Deadlines against a plain map of them, with leases that come, go and are renewed. */
class CountdownTest {

  private static final long CHECKPOINT_MILLIS = 300_000;

  /** A tick of the wheel. */
  private static final long LATE_MILLIS = 128;

  private static final class Plain {
    final long ttlMillis;
    long deadline;
    long renewed;
    long checkpoints;
    boolean over;

    Plain(long ttlMillis, long now) {
      this.ttlMillis = ttlMillis;
      renew(now);
    }

    final void renew(long now) {
      deadline = now + ttlMillis + 1;
      renewed = now;
      checkpoints = 0;
    }
  }

  private final long seed = Long.getLong("seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final TreeMap<Long, Plain> twin = new TreeMap<>();
  private long now = random.nextInt(1_000_000);
  private final Countdown countdown = new Countdown(now, CHECKPOINT_MILLIS);
  private int ended;
  private int written;

  @Test
  void eachLeaseEndsInItsTime() {
    try {
      for (int step = 0; step < 30_000; step++) {
        change(1 + random.nextInt(200));
        now += random.nextInt(10) == 0 ? random.nextInt(60_000) : random.nextInt(400);
        look();
      }
    } catch (AssertionError failure) {
      throw new AssertionError("replay with -Dseed=" + seed, failure);
    }
    assertTrue(ended > 200 && written > 200, ended + " ended, " + written + " written down");
  }

  private void change(long id) {
    Plain lease = twin.get(id);
    int slot = countdown.find(id);
    assertEquals(lease == null, slot < 0);
    if (lease == null) {
      long seconds = random.nextInt(3) == 0 ? 2 + random.nextInt(4000) : 2 + random.nextInt(20);
      countdown.granted(new Lease(id, seconds, 0), now);
      twin.put(id, new Plain(seconds * 1000, now));
    } else if (random.nextInt(20) == 0) {
      countdown.revoked(id);
      twin.remove(id);
    } else if (random.nextInt(5) == 0) {
      assertEquals(lease.over || lease.deadline <= now, countdown.isOver(slot, now));
      if (!countdown.isOver(slot, now)) {
        countdown.renew(slot, now);
        lease.renew(now);
        assertEquals(lease.ttlMillis / 1000, countdown.ttlSeconds(slot));
      }
    }
  }

  private Plain plain(long id) {
    return Objects.requireNonNull(twin.get(id), () -> "no lease " + id);
  }

  private void look() {
    countdown.advance(now);
    for (long id = countdown.pollOver(); id != 0; id = countdown.pollOver()) {
      Plain lease = plain(id);
      assertTrue(lease.deadline <= now, "lease " + id + " before its time");
      lease.over = true;
      ended++;
      if (random.nextInt(4) == 0) {
        // Its revocation failed: it comes up again.
        countdown.overAgain(id);
        continue;
      }
      countdown.revoked(id);
      twin.remove(id);
    }
    TreeSet<Long> due = new TreeSet<>();
    twin.forEach(
        (id, lease) -> {
          assertTrue(lease.deadline + LATE_MILLIS > now, "lease " + id + " overdue");
          long passed = (now - lease.renewed - 1) / CHECKPOINT_MILLIS;
          if (passed > lease.checkpoints && lease.deadline - now > LATE_MILLIS) {
            due.add(id);
          }
        });
    for (Remaining remaining : countdown.pollToWriteDown(1000, true)) {
      Plain lease = plain(remaining.id());
      long left = lease.deadline - now;
      assertTrue(remaining.ttlSeconds() * 1000 >= left, "never less than there is");
      assertTrue(remaining.ttlSeconds() * 1000 < left + 1000);
      long passed = now - lease.renewed + LATE_MILLIS;
      assertTrue(passed >= CHECKPOINT_MILLIS, passed + " ms after the renewal");
      lease.checkpoints = passed / CHECKPOINT_MILLIS;
      due.remove(remaining.id());
      written++;
    }
    for (long id : due) {
      Plain lease = plain(id);
      long late = (now - lease.renewed - 1) % CHECKPOINT_MILLIS;
      assertTrue(late < LATE_MILLIS, "lease " + id + " is not written down for " + late + " ms");
    }
    assertEquals(twin.size(), countdown.count());
  }

  @Test
  void aNewLeaderGoesOnFromWhatIsWrittenDown() {
    Countdown fresh = new Countdown(0, CHECKPOINT_MILLIS);
    fresh.takeOver(new Lease(1, 60, 0), 1_000);
    fresh.takeOver(new Lease(2, 3600, 600), 1_000);
    fresh.begin(750);
    assertFalse(fresh.isOver(fresh.find(1), 61_000));
    assertTrue(fresh.isOver(fresh.find(1), 61_001));
    assertFalse(fresh.isOver(fresh.find(2), 601_000));
    assertTrue(fresh.isOver(fresh.find(2), 601_001));
    assertEquals(1, fresh.written());
    fresh.renew(fresh.find(2), 500_000);
    assertFalse(fresh.isOver(fresh.find(2), 4_100_000));
    assertEquals(List.of(new Remaining(2, 0)), fresh.someWritten(10));
    assertFalse(fresh.checkpointed(new Lease(2, 3600, 0), 500_000));
    assertEquals(0, fresh.written());
  }

  @Test
  void whatSaysLessThanThereIsIsToBeTakenBack() {
    Countdown counting = new Countdown(0, CHECKPOINT_MILLIS);
    counting.granted(new Lease(1, 3600, 0), 0);
    assertFalse(counting.checkpointed(new Lease(1, 3600, 3300), 301_000));
    counting.renew(counting.find(1), 302_000);
    assertTrue(counting.checkpointed(new Lease(1, 3600, 3300), 303_000));
    assertTrue(counting.isWritten(counting.find(1)));
  }

  @Test
  void manyDeadlinesOfANewLeaderAreSpread() {
    Countdown fresh = new Countdown(0, CHECKPOINT_MILLIS);
    for (long id = 1; id <= 5_000; id++) {
      fresh.takeOver(new Lease(id, 60, 0), 0);
    }
    fresh.begin(750);
    List<Integer> perSecond = new ArrayList<>();
    for (long second = 60; second < 70; second++) {
      fresh.advance(second * 1000 + 999);
      int over = 0;
      while (fresh.pollOver() != 0) {
        over++;
      }
      perSecond.add(over);
    }
    assertEquals(5_000, perSecond.stream().mapToInt(Integer::intValue).sum());
    // A tick of the wheel may push a few across the border of a second.
    assertTrue(perSecond.stream().allMatch(over -> over <= 1_500), perSecond::toString);
    assertTrue(perSecond.getFirst() <= 750, perSecond::toString);
  }

  @Test
  void theListBeginsWithWhoEndsFirst() {
    Countdown counting = new Countdown(0, CHECKPOINT_MILLIS);
    counting.granted(new Lease(5, 30, 0), 0);
    counting.granted(new Lease(-6, 10, 0), 0);
    counting.granted(new Lease(7, 20, 0), 0);
    assertEquals(List.of(-6L, 7L, 5L), list(counting));
    counting.renew(counting.find(-6), 25_000);
    assertEquals(List.of(7L, 5L, -6L), list(counting));
  }

  private static List<Long> list(Countdown counting) {
    List<Long> ids = new ArrayList<>();
    for (long id : counting.inOrderOfDeadline()) {
      ids.add(id);
    }
    return ids;
  }
}
