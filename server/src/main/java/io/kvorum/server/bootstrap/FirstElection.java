// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.env.Timers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Waits for a first connection to another member, for at most five seconds (as etcd does). */
final class FirstElection {

  private static final Duration LOOK_PERIOD = Duration.ofMillis(50);
  private static final int LOOKS_MAX = 100;

  private final Timers timers;
  private final BooleanSupplier connected;
  private final AtomicInteger looks = new AtomicInteger();

  FirstElection(Timers timers, BooleanSupplier connected) {
    this.timers = timers;
    this.connected = connected;
  }

  /** Calls {@code then} once a connection works; never when none does. */
  void whenConnected(Runnable then) {
    timers.after(
        LOOK_PERIOD,
        () -> {
          if (connected.getAsBoolean()) {
            then.run();
          } else if (looks.incrementAndGet() < LOOKS_MAX) {
            whenConnected(then);
          }
        });
  }
}
