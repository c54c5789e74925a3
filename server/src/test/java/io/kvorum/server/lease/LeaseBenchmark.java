// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import java.util.SplittableRandom;

/**
 * What a million leases cost the member that leads: room, and time to take over, renew, look at
 * when nothing is due, and end. Argument: how many (1,000,000 if none is given).
 */
final class LeaseBenchmark {

  private static final long TTL_SECONDS = 3_600;
  private static final int LOOKS = 1_000;

  private LeaseBenchmark() {}

  public static void main(String[] arguments) {
    int leases = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    run(leases / 10, false);
    run(leases, true);
  }

  private static void run(int leases, boolean tells) {
    long before = usedBytes();
    Countdown countdown = new Countdown(0, 300_000);
    long since = System.nanoTime();
    for (long id = 1; id <= leases; id++) {
      countdown.takeOver(new Lease(id << 8, TTL_SECONDS, 0), 1_000);
    }
    countdown.begin(750);
    double takeOver = seconds(since);
    long bytes = usedBytes() - before;

    SplittableRandom random = new SplittableRandom(1);
    since = System.nanoTime();
    for (int i = 0; i < leases; i++) {
      countdown.renew(countdown.find((1L + random.nextInt(leases)) << 8), 1_000);
    }
    double renewals = seconds(since);

    since = System.nanoTime();
    for (int look = 1; look <= LOOKS; look++) {
      countdown.advance(1_000 + 100L * look);
    }
    double idle = seconds(since);

    since = System.nanoTime();
    long ended = 0;
    for (long now = 200_000; countdown.count() > 0; now += 100) {
      countdown.advance(now);
      countdown.pollToWriteDown(10_000, true);
      for (long id = countdown.pollOver(); id != 0; id = countdown.pollOver()) {
        countdown.revoked(id);
        ended++;
      }
    }
    double ending = seconds(since);
    if (tells) {
      System.out.printf(
          "%,d leases: %.1f bytes each; taken over in %.0f ms; %,.0f renewals/s; a look with"
              + " nothing due %.2f us; an hour of looks, checkpoints and %,d ends %.0f ms%n",
          leases,
          (double) bytes / leases,
          takeOver * 1e3,
          leases / renewals,
          idle * 1e6 / LOOKS,
          ended,
          ending * 1e3);
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
