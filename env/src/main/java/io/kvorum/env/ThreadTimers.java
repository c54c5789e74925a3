// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Timers on one daemon thread of this process. */
public final class ThreadTimers implements Timers, AutoCloseable {

  private final ScheduledThreadPoolExecutor executor;
  private final Consumer<Throwable> onFailure;

  /**
   * @param onFailure gets what a callback threw; a repeated one is still called again
   */
  public ThreadTimers(String name, Consumer<Throwable> onFailure) {
    this.onFailure = onFailure;
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            action -> {
              Thread thread = new Thread(action, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public Cancellable every(Duration period, Runnable action) {
    long nanos = period.toNanos();
    return cancellable(
        executor.scheduleAtFixedRate(() -> run(action), nanos, nanos, TimeUnit.NANOSECONDS));
  }

  @Override
  public Cancellable after(Duration delay, Runnable action) {
    return cancellable(executor.schedule(() -> run(action), delay.toNanos(), TimeUnit.NANOSECONDS));
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException failure) {
      onFailure.accept(failure);
    }
  }

  private static Cancellable cancellable(ScheduledFuture<?> future) {
    return () -> future.cancel(false);
  }
}
