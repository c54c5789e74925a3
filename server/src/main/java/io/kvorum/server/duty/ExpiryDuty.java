// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.duty;

import io.kvorum.env.Clock;
import io.kvorum.env.Timers;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.request.BackgroundWork;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * The leader's SYNC: tells every member up to which moment v2 deadlines have passed.
 *
 * <p>etcd sends it every 500 ms while there are deadlines; we send it at the same pace, but only
 * when one has really passed, so that an idle cluster with TTL keys writes nothing.
 */
public final class ExpiryDuty {

  private static final Duration PERIOD = Duration.ofMillis(500);

  private final BackgroundWork work;
  private final Clock clock;
  private final Supplier<OptionalLong> earliestDeadline;
  private final AtomicBoolean underWay = new AtomicBoolean();

  /**
   * @param earliestDeadline Unix nanoseconds, as of the published state
   */
  public ExpiryDuty(BackgroundWork work, Clock clock, Supplier<OptionalLong> earliestDeadline) {
    this.work = work;
    this.clock = clock;
    this.earliestDeadline = earliestDeadline;
  }

  public Timers.Cancellable start(Timers timers) {
    return timers.every(PERIOD, this::look);
  }

  private void look() {
    long now = clock.unixNanos();
    OptionalLong deadline = earliestDeadline.get();
    if (work.leads()
        && deadline.isPresent()
        && deadline.getAsLong() <= now
        && underWay.compareAndSet(false, true)) {
      work.submit(new TreeCommand.Expire(now))
          .whenComplete((applied, failure) -> underWay.set(false));
    }
  }
}
