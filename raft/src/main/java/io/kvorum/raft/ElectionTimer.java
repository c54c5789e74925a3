// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import java.util.random.RandomGenerator;

/** Ticks since something spoke against a campaign, and how many are too many this time. */
final class ElectionTimer {

  private final int electionTicks;
  private final RandomGenerator random;
  private int elapsed;
  private int timeout;

  ElectionTimer(int electionTicks, RandomGenerator random) {
    this.electionTicks = electionTicks;
    this.random = random;
    restartWithNewTimeout();
  }

  void tick() {
    advance(1);
  }

  void advance(int ticks) {
    // Saturates: a node that may not campaign lets its timer run for years.
    elapsed = (int) Math.min(Integer.MAX_VALUE, (long) elapsed + ticks);
  }

  void restart() {
    elapsed = 0;
  }

  /** Also draws a new timeout from [E, 2E - 1], so that rivals part company. */
  void restartWithNewTimeout() {
    elapsed = 0;
    timeout = electionTicks + random.nextInt(electionTicks);
  }

  boolean isOver() {
    return elapsed >= timeout;
  }

  /** A leader was heard so recently that nobody can have a reason to replace it. */
  boolean isWithinLease() {
    return elapsed < electionTicks;
  }
}
