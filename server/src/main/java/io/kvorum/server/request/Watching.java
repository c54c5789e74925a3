// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.env.Timers;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.V3Request.Requester;
import io.kvorum.server.command.WatchQuery;
import io.kvorum.server.mvcc.KeyspaceView;
import io.kvorum.server.watch.KeyspaceWatches;
import io.kvorum.server.watch.WatchStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one client. What it asks for is carried out in order; whether it may watch a range
 * is decided when it asks, and never again.
 *
 * <p>Used by one thread.
 */
public final class Watching implements AutoCloseable {

  /** Requests that wait, for a decision or a reader; a client that sends more has to go. */
  private static final int HELD_MAX = 1 << 16;

  private final KeyspaceAccess access;
  private final KeyspaceReading reading;
  private final Caller caller;
  private final WatchKeyspace.Client client;
  private final Function<Runnable, Timers.Cancellable> everyPeriod;
  private final WatchStream stream;
  private final Queue<Runnable> held = new ArrayDeque<>();
  private Timers.@Nullable Cancellable progress;
  private boolean deciding;
  private boolean closed;

  Watching(
      KeyspaceAccess access,
      KeyspaceReading reading,
      KeyspaceWatches watches,
      Caller caller,
      WatchKeyspace.Client client,
      Function<Runnable, Timers.Cancellable> everyPeriod) {
    this.access = access;
    this.reading = reading;
    this.caller = caller;
    this.client = client;
    this.everyPeriod = everyPeriod;
    stream = watches.open(client::tell, client::isFull, () -> client.later(this::pump));
  }

  /** Makes a watcher if the caller may read what it is to watch. */
  public void create(WatchQuery query) {
    inOrder(() -> decide(query));
  }

  private void decide(WatchQuery query) {
    CompletableFuture<Answer<Requester>> admission =
        access.admit(caller, RangeQuery.of(query.key(), query.rangeEnd()));
    if (admission.isDone() && !admission.isCompletedExceptionally()) {
      decided(query, admission.join());
      return;
    }
    deciding = true;
    admission
        .exceptionally(Answer::failed)
        .thenAccept(
            answer ->
                client.later(
                    () -> {
                      deciding = false;
                      decided(query, answer);
                      goOn();
                    }));
  }

  private void decided(WatchQuery query, Answer<Requester> answer) {
    if (closed) {
      return;
    }
    if (!(answer instanceof Answer.Done<Requester>)) {
      client.deny(answer, reading.read(KeyspaceView::revision));
      return;
    }
    stream.create(query);
    if (query.progressNotify() && progress == null) {
      progress = everyPeriod.apply(() -> client.later(this::notifyProgress));
    }
  }

  /** Ends a watcher. */
  public void cancel(long id) {
    inOrder(() -> stream.cancel(id));
  }

  /** Tells how far all watchers are, if none lags behind. */
  public void requestProgress() {
    inOrder(stream::requestProgress);
  }

  private void inOrder(Runnable request) {
    if (closed) {
      return;
    }
    if (held.isEmpty() && !isHeldUp()) {
      request.run();
    } else if (held.size() < HELD_MAX) {
      if (held.isEmpty()) {
        client.listen(false);
      }
      held.add(request);
    } else {
      client.overwhelm();
    }
  }

  /** Answers, too, are only made for a client that reads them. */
  private boolean isHeldUp() {
    return deciding || client.isFull();
  }

  private void goOn() {
    if (held.isEmpty()) {
      return;
    }
    while (!held.isEmpty() && !isHeldUp()) {
      held.remove().run();
    }
    if (held.isEmpty() && !closed) {
      client.listen(true);
    }
  }

  private void notifyProgress() {
    if (!closed) {
      stream.notifyProgress();
    }
  }

  /** Tells what there is; to be called again once a client that did not read does. */
  public void pump() {
    goOn();
    stream.pump();
  }

  /** The client is gone. */
  @Override
  public void close() {
    closed = true;
    held.clear();
    if (progress != null) {
      progress.cancel();
    }
    stream.close();
  }
}
