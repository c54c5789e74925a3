// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.process;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for something outside the JVM, by asking again and again; never by hoping. */
public final class Await {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Await() {}

  /** Asks until the condition holds or the time is over; whether it held. */
  public static boolean until(Duration timeout, BooleanSupplier condition) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() >= deadline) {
        return false;
      }
      pause(PAUSE);
    }
    return true;
  }

  /**
   * As {@link #until}, but failing.
   *
   * @throws AssertionError when the condition does not hold in time, with that description
   */
  public static void require(String what, Duration timeout, BooleanSupplier condition) {
    if (!until(timeout, condition)) {
      throw new AssertionError("not within %s: %s".formatted(timeout, what));
    }
  }

  /** Lets that time pass; for scripts in which the passing of time is the point. */
  public static void pause(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = deadline - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
