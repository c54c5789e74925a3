// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The seeded twin of threads, timers and the clock: everything happens in one thread, at moments of
 * virtual time, in an order that a seed decides.
 *
 * <p>A {@link Machine} is what can crash: its workers and timers end with it, whatever they had in
 * their inboxes is lost. An exception of a worker goes to its owner, as with real threads; one that
 * the owner lets through, or any other event throws, ends the run: it is the test's failure.
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
  private Runnable afterEach = () -> {};

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

  /** Has {@code check} called after each event, which may end the run by throwing. */
  public void afterEach(Runnable check) {
    afterEach = check;
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
      afterEach.run();
      next = events.peek();
    }
    now = end;
  }

  /** Something that runs workers and timers, and can lose them all at once. */
  public final class Machine implements Workers, Timers {

    private final Map<String, Long> slowNanos = new HashMap<>();
    private boolean crashed;
    private long pausedUntil;

    /** From now on nothing of this machine happens any more. */
    public void crash() {
      crashed = true;
    }

    /** Stands still for {@code duration}, then goes on where it was, as after SIGSTOP. */
    public void pause(Duration duration) {
      pausedUntil = Math.max(pausedUntil, now + duration.toNanos());
    }

    /** From now on the worker {@code name} takes that much longer to come to its inbox. */
    public void slowDown(String name, Duration more) {
      slowNanos.put(name, more.toNanos());
    }

    private void happen(Runnable action) {
      if (crashed) {
        return;
      }
      if (pausedUntil > now) {
        VirtualWorld.this.after(pausedUntil - now, () -> happen(action));
      } else {
        action.run();
      }
    }

    @Override
    public <T> Worker<T> start(
        String name, int itemsMax, Consumer<List<T>> handler, Consumer<Throwable> onFailure) {
      return new Actor<>(this, name, itemsMax, handler, onFailure);
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
          () ->
              happen(
                  () -> {
                    if (!cancellation.cancelled) {
                      action.run();
                    }
                  }));
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
          () ->
              machine.happen(
                  () -> {
                    if (!cancelled) {
                      action.run();
                      schedule();
                    }
                  }));
    }
  }

  private final class Actor<T> implements Worker<T> {

    private final Machine machine;
    private final String name;
    private final int itemsMax;
    private final Consumer<List<T>> handler;
    private final Consumer<Throwable> onFailure;
    private @Nullable List<T> inbox;
    private boolean failed;

    Actor(
        Machine machine,
        String name,
        int itemsMax,
        Consumer<List<T>> handler,
        Consumer<Throwable> onFailure) {
      this.machine = machine;
      this.name = name;
      this.itemsMax = itemsMax;
      this.handler = handler;
      this.onFailure = onFailure;
    }

    @Override
    public boolean offer(T item) {
      if (failed || (inbox != null && inbox.size() >= itemsMax)) {
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
        long wake = random.nextInt(slow ? SLOW_WAKE_NANOS_MAX : WAKE_NANOS_MAX);
        after(wake + machine.slowNanos.getOrDefault(name, 0L), () -> machine.happen(this::handle));
      }
      inbox.add(item);
    }

    /** As a thread does: the first exception is its last act. */
    private void handle() {
      List<T> batch = inbox;
      inbox = null;
      if (batch == null || machine.crashed || failed) {
        return;
      }
      try {
        handler.accept(batch);
      } catch (RuntimeException | Error failure) {
        failed = true;
        onFailure.accept(failure);
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
