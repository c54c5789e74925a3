// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.env.Timers;
import io.kvorum.server.command.WatchNotice;
import io.kvorum.server.watch.KeyspaceWatches;
import java.time.Duration;
import java.util.function.Supplier;

/** Watches the v3 keyspace, on this member alone. */
public final class WatchKeyspace {

  /** Who watches. All but {@link #later} is called where {@link Watching} is. */
  public interface Client {

    void tell(WatchNotice notice);

    /** A watcher was not made: the caller may not watch this. */
    void deny(Answer<?> why, long revision);

    /** More was asked for than may wait; the client should go. */
    void overwhelm();

    /** Whether anything new should be asked for; what comes all the same is kept for later. */
    void listen(boolean more);

    /** Whether the client reads too slowly to be told more. */
    boolean isFull();

    /** Runs {@code work} where {@link Watching} may be called. Any thread. */
    void later(Runnable work);
  }

  private final KeyspaceAccess access;
  private final KeyspaceReading reading;
  private final KeyspaceWatches watches;
  private final Timers timers;
  private final Supplier<Duration> progressPeriod;

  /**
   * @param progressPeriod how long a client that wants to hear of progress is left without, drawn
   *     anew for each
   */
  public WatchKeyspace(
      KeyspaceAccess access,
      KeyspaceReading reading,
      KeyspaceWatches watches,
      Timers timers,
      Supplier<Duration> progressPeriod) {
    this.access = access;
    this.reading = reading;
    this.watches = watches;
    this.timers = timers;
    this.progressPeriod = progressPeriod;
  }

  /** Begins the watches of {@code client}. */
  public Watching open(Caller caller, Client client) {
    return new Watching(access, reading, watches, caller, client, this::every);
  }

  private Timers.Cancellable every(Runnable tick) {
    return timers.every(progressPeriod.get(), tick);
  }
}
