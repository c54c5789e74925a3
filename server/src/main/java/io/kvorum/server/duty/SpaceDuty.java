// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.duty;

import io.kvorum.env.Timers;
import io.kvorum.server.command.Alarm;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.request.BackgroundWork;
import io.kvorum.server.request.StoreSize;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Raises the alarm when this member has no room left for what others let in: their bounds may be
 * higher, and what was in the log already passes every bound. An alarm that somebody ended comes
 * back only when the data have grown since.
 */
public final class SpaceDuty {

  private static final Duration PERIOD = Duration.ofMillis(500);

  private final BackgroundWork work;
  private final StoreSize size;
  private final Supplier<List<Alarm>> alarms;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private long sizeBefore = -1;

  /**
   * Looks after the bound that {@code size} names.
   *
   * @param alarms those that stand
   */
  public SpaceDuty(BackgroundWork work, StoreSize size, Supplier<List<Alarm>> alarms) {
    this.work = work;
    this.size = size;
    this.alarms = alarms;
  }

  /** Starts looking. */
  public Timers.Cancellable start(Timers timers) {
    return timers.every(PERIOD, this::look);
  }

  private void look() {
    long now = size.total();
    boolean grown = now > sizeBefore;
    sizeBefore = now;
    Alarm alarm = new Alarm(work.localId().value(), AlarmCommand.NO_SPACE);
    if (grown
        && size.quota() > 0
        && now >= size.quota()
        && !alarms.get().contains(alarm)
        && underWay.compareAndSet(false, true)) {
      work.submit(V3Request.of(AlarmCommand.raise(alarm)))
          .whenComplete(
              (applied, failure) -> {
                if (failure != null) {
                  sizeBefore = -1; // nobody heard of it: again
                }
                underWay.set(false);
              });
    }
  }
}
