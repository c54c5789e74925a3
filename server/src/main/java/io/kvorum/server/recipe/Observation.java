// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.recipe;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.EncodedEvent;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.WatchEvents;
import io.kvorum.server.command.WatchNotice;
import io.kvorum.server.command.WatchQuery;
import io.kvorum.server.recipe.HoldElections.Leader;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.request.WatchKeyspace;
import io.kvorum.server.request.Watching;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One client that follows an election.
 *
 * <pre>
 *   look who is first ── nobody ── watch the name until somebody stands ─▶ leads
 *         ▲                                                                  │
 *         └── its key is deleted ── watch it: each new value is proclaimed ◀─┘
 * </pre>
 *
 * <p>Owned by the call's thread.
 */
public final class Observation implements WatchKeyspace.Client {

  /** Who is told. Called on the call's thread. */
  public interface Observer {

    void tell(Leader leader);

    /** It is over, though the client would go on. */
    void end(Answer<?> why);

    /** Whether the client reads too slowly to be told more. */
    boolean isFull();
  }

  private final Ingredients ingredients;
  private final Caller caller;
  private final Bytes prefix;
  private final Observer observer;
  private final Executor where;
  private @Nullable Watching watching;
  private @Nullable Bytes leading;
  private boolean over;

  Observation(
      Ingredients ingredients, Caller caller, Bytes name, Observer observer, Executor where) {
    this.ingredients = ingredients;
    this.caller = caller;
    this.prefix = Place.prefix(name);
    this.observer = observer;
    this.where = where;
  }

  /** Begins; to be called once. */
  public void look() {
    stopWatching();
    ingredients
        .reading()
        .range(caller, Queries.first(prefix), where)
        .thenAcceptAsync(this::looked, where);
  }

  private void looked(Answer<KeyspaceResult> answer) {
    if (over) {
      return;
    }
    if (!(answer instanceof Answer.Done<KeyspaceResult>(var result))) {
      observer.end(answer);
      return;
    }
    Optional<KeyValue> first = Queries.found(result);
    long next = result.revision() + 1;
    if (first.isPresent()) {
      leads(first.get(), result.revision(), next);
    } else {
      leading = null;
      watch(new WatchQuery(prefix, Queries.end(prefix), next, false, false, true, false, 0, false));
    }
  }

  private void leads(KeyValue kv, long revision, long next) {
    observer.tell(new Leader(revision, kv));
    leading = kv.key();
    watch(WatchQuery.of(kv.key(), Bytes.EMPTY, next));
  }

  private void watch(WatchQuery query) {
    stopWatching();
    Watching begun = ingredients.watching().open(caller, this);
    watching = begun;
    begun.create(query);
  }

  private void stopWatching() {
    if (watching != null) {
      watching.close();
      watching = null;
    }
  }

  /** The client reads again. */
  public void goOn() {
    if (watching != null) {
      watching.pump();
    }
  }

  /** The client is gone. */
  public void close() {
    over = true;
    stopWatching();
  }

  @Override
  public void tell(WatchNotice notice) {
    switch (notice) {
      case WatchNotice.Happened happened -> happened(happened.events());
      // What was to be watched is history that is gone: the present tells who leads.
      case WatchNotice.Compacted compacted -> look();
      case WatchNotice.Refused refused -> overwhelm();
      case WatchNotice.Created created -> {}
      case WatchNotice.Cancelled cancelled -> {}
      case WatchNotice.Progress progress -> {}
    }
  }

  private void happened(WatchEvents told) {
    for (EncodedEvent event : told.events()) {
      if (event.kind() == KeyEvent.Kind.DELETE) {
        look();
        return;
      }
      if (leading == null) {
        leads(event.kv(), event.revision(), event.revision() + 1);
        return;
      }
      observer.tell(new Leader(event.revision(), event.kv()));
    }
  }

  @Override
  public void deny(Answer<?> why, long revision) {
    observer.end(why);
  }

  @Override
  public void overwhelm() {
    observer.end(new Answer.Failed<>("etcdserver: too many requests", false));
  }

  @Override
  public void listen(boolean more) {}

  @Override
  public boolean isFull() {
    return observer.isFull();
  }

  @Override
  public void later(Runnable work) {
    where.execute(work);
  }
}
