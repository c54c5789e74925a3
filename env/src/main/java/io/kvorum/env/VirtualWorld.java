// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The seeded twin of threads, timers and the clock: everything happens in one thread, at moments of
 * virtual time, in an order that a seed decides.
 *
 * <p>A {@link Machine} is what can crash: its workers and timers end with it, whatever they had in
 * their inboxes is lost. An exception thrown by an event ends the run: it is the test's failure.
 */
public final class VirtualWorld implements Clock {

  /** How long a worker takes to notice its inbox: mostly little, sometimes a scheduler's slice. */
  private static final int WAKE_NANOS_MAX = 200_000;

  private static final int SLOW_WAKE_NANOS_MAX = 20_000_000;
  private static final int SLOW_WAKE_ONE_IN = 500;

  private record Event(long at, long sequence, Runnable action) {}

  private final RandomGenerator random;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::sequence));
  private final long startUnixNanos;
  private long now;
  private long sequence;
  private long handled;

  public VirtualWorld(RandomGenerator random, long startUnixNanos) {
    this.random = random;
    this.startUnixNanos = startUnixNanos;
  }

  @Override
  public long unixNanos() {
    return startUnixNanos + now;
  }

  @Override
  public long monotonicNanos() {
    return now;
  }

  /** Events handled so far. */
  public long handled() {
    return handled;
  }

  /** Lets {@code action} happen after {@code delayNanos}. */
  public void after(long delayNanos, Runnable action) {
    events.add(new Event(now + delayNanos, sequence++, action));
  }

  /** Lets things happen until {@code duration} has passed. */
  public void run(Duration duration) {
    long end = now + duration.toNanos();
    Event next = events.peek();
    while (next != null && next.at <= end) {
      events.poll();
      now = Math.max(now, next.at);
      handled++;
      next.action.run();
      next = events.peek();
    }
    now = end;
  }

  /** Something that runs workers and timers, and can lose them all at once. */
  public final class Machine implements Workers, Timers {

    private boolean crashed;

    /** From now on nothing of this machine happens any more. */
    public void crash() {
      crashed = true;
    }

    @Override
    public <T> Worker<T> start(
        String name, int itemsMax, Consumer<List<T>> handler, Consumer<Throwable> onFailure) {
      return new Actor<>(this, itemsMax, handler);
    }

    @Override
    public Cancellable every(Duration period, Runnable action) {
      Repeating repeating = new Repeating(this, period.toNanos(), action);
      repeating.schedule();
      return repeating;
    }

    @Override
    public Cancellable after(Duration delay, Runnable action) {
      Cancellation cancellation = new Cancellation();
      VirtualWorld.this.after(
          delay.toNanos(),
          () -> {
            if (!crashed && !cancellation.cancelled) {
              action.run();
            }
          });
      return cancellation;
    }
  }

  private static class Cancellation implements Timers.Cancellable {

    boolean cancelled;

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  private final class Repeating extends Cancellation {

    private final Machine machine;
    private final long periodNanos;
    private final Runnable action;

    Repeating(Machine machine, long periodNanos, Runnable action) {
      this.machine = machine;
      this.periodNanos = periodNanos;
      this.action = action;
    }

    void schedule() {
      after(
          periodNanos,
          () -> {
            if (!cancelled && !machine.crashed) {
              action.run();
              schedule();
            }
          });
    }
  }

  private final class Actor<T> implements Worker<T> {

    private final Machine machine;
    private final int itemsMax;
    private final Consumer<List<T>> handler;
    private @Nullable List<T> inbox;

    Actor(Machine machine, int itemsMax, Consumer<List<T>> handler) {
      this.machine = machine;
      this.itemsMax = itemsMax;
      this.handler = handler;
    }

    @Override
    public boolean offer(T item) {
      if (inbox != null && inbox.size() >= itemsMax) {
        return false;
      }
      put(item);
      return true;
    }

    @Override
    public void put(T item) {
      if (inbox == null) {
        inbox = new ArrayList<>();
        boolean slow = random.nextInt(SLOW_WAKE_ONE_IN) == 0;
        after(random.nextInt(slow ? SLOW_WAKE_NANOS_MAX : WAKE_NANOS_MAX), this::handle);
      }
      inbox.add(item);
    }

    private void handle() {
      List<T> batch = inbox;
      inbox = null;
      if (batch != null && !machine.crashed) {
        handler.accept(batch);
      }
    }

    @Override
    public void stop() {
      handle();
    }

    @Override
    public void awaitEnd() {
      handle();
    }
  }
}
