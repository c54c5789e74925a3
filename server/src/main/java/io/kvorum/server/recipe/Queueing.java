// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.recipe;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One call that takes a place in the queue below a name and waits to be in front.
 *
 * <pre>
 *   txn: make my key, unless it is there; who is first? ── I am ──────────────▶ in front
 *                        │ another                                                 ▲
 *                        ▼                                                         │
 *        who came last before me? ── nobody ── is my key still there? ── yes ──────┘
 *              ▲         │ somebody
 *              └─ gone ──┘ wait for that one only: who leaves wakes one other, not all
 * </pre>
 *
 * <p>The key hangs on a lease, so that who dies leaves the queue. Everything goes through the same
 * requests as a client's, as the caller. Owned by the call's thread, {@code where}.
 */
final class Queueing {

  private static final Answer<Place> GIVEN_UP = new Answer.Failed<>("context canceled", false);

  private final Ingredients ingredients;
  private final Caller caller;
  private final Executor where;
  private final Bytes name;
  private final Bytes key;
  private final long lease;
  private long created;
  private boolean made;
  private @Nullable Departure waitingFor;
  private boolean over;

  Queueing(Ingredients ingredients, Caller caller, Bytes name, long lease, Executor where) {
    this.ingredients = ingredients;
    this.caller = caller;
    this.where = where;
    this.name = name;
    this.lease = lease;
    key = Place.key(name, lease);
  }

  /** What is found where the key goes. */
  interface Reentry {
    /** The key was there already, as {@code own}; ends when that is dealt with. */
    CompletableFuture<Answer<Boolean>> met(KeyValue own);
  }

  /** Takes the place; ends on the call's thread, when it is in front or will never be. */
  CompletableFuture<Answer<Place>> enter(Bytes value, Reentry reentry) {
    RangeQuery first = Queries.first(Place.prefix(name));
    Txn txn =
        new Txn(
            List.of(Queries.created(key, 0)),
            List.of(new Put(key, value, lease, false, false, false), first),
            List.of(RangeQuery.of(key), first));
    return Answer.then(
            here(ingredients.changing().txn(caller, txn, where)),
            result -> entered(Queries.txn(result), reentry))
        .whenComplete(this::leaveUnlessDone);
  }

  private CompletableFuture<Answer<Place>> entered(KeyspaceResult.Txn done, Reentry reentry) {
    Optional<KeyValue> own =
        done.succeeded() ? Optional.empty() : Queries.found(done.results().get(0));
    made = done.succeeded();
    created = own.map(KeyValue::createRevision).orElse(done.revision());
    Optional<KeyValue> owner = Queries.found(done.results().get(1));
    boolean first = owner.map(KeyValue::createRevision).orElse(created) == created;
    CompletableFuture<Answer<Boolean>> met =
        own.isPresent() ? here(reentry.met(own.get())) : Answer.now(new Answer.Done<>(true));
    return Answer.then(met, goOn -> first ? inFront(done.revision()) : awaitTurn());
  }

  private CompletableFuture<Answer<Place>> inFront(long revision) {
    return Answer.now(
        over ? GIVEN_UP : new Answer.Done<>(new Place(name, key, created, lease, revision)));
  }

  private CompletableFuture<Answer<Place>> awaitTurn() {
    return Answer.then(
        read(Queries.lastBefore(Place.prefix(name), created)),
        result -> {
          Optional<KeyValue> before = Queries.found(result);
          if (before.isEmpty()) {
            return lookForOwnKey();
          }
          if (over) {
            return Answer.now(GIVEN_UP);
          }
          Departure departure =
              Departure.of(
                  ingredients.watching(), caller, before.get().key(), result.revision() + 1, where);
          waitingFor = departure;
          return Answer.then(departure.gone(), gone -> awaitTurn());
        });
  }

  /** The lease may have ended while this waited. */
  private CompletableFuture<Answer<Place>> lookForOwnKey() {
    return Answer.then(
        read(RangeQuery.of(key)),
        result ->
            Queries.found(result).filter(kv -> kv.createRevision() == created).isPresent()
                ? inFront(result.revision())
                : Answer.now(new Answer.Failed<>("mutex: session is expired", false)));
  }

  private CompletableFuture<Answer<KeyspaceResult>> read(RangeQuery query) {
    return here(ingredients.reading().range(caller, query, where));
  }

  private <T> CompletableFuture<Answer<T>> here(CompletableFuture<Answer<T>> elsewhere) {
    return elsewhere.thenApplyAsync(answer -> answer, where);
  }

  /** The client is gone: the place becomes free, unless it was told that it has it. */
  void giveUp() {
    over = true;
    if (waitingFor != null) {
      waitingFor.giveUp();
    }
  }

  /** Whoever does not come to be in front must not stand in others' way. */
  private void leaveUnlessDone(@Nullable Answer<Place> answer, @Nullable Throwable broken) {
    if (made && !(answer instanceof Answer.Done<Place>)) {
      ingredients.changing().txn(caller, deletion(key, created), where);
    }
  }

  /** Deletes {@code key} unless it is somebody else's by now. */
  static Txn deletion(Bytes key, long created) {
    return new Txn(
        List.of(Queries.created(key, created)),
        List.of(new DeleteRange(key, Bytes.EMPTY, false)),
        List.of());
  }
}
