// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.recipe;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Elections: whoever is in front of the queue below a name leads, and the value of its key is what
 * it proclaims.
 *
 * <p>Source: etcd's v3election service, recorded behaviour of 3.4.23.
 */
public final class HoldElections {

  private static final String NO_LEADER = "election: no leader";
  private static final String NOT_LEADER = "election: not leader";

  private final Ingredients ingredients;

  public HoldElections(Ingredients ingredients) {
    this.ingredients = ingredients;
  }

  /** Who leads, and the keyspace's revision when that was seen. */
  public record Leader(long revision, KeyValue kv) {}

  /**
   * Stands for {@code name} with {@code value}; ends when the caller leads. Whoever stands already
   * with this lease proclaims the value.
   */
  public CompletableFuture<Answer<Place>> campaign(
      Caller caller, Bytes name, long lease, Bytes value, Waiting waiting, Executor where) {
    return Session.with(
        ingredients,
        caller,
        lease,
        id -> {
          Queueing queueing = new Queueing(ingredients, caller, name, id, where);
          waiting.onGone(queueing::giveUp);
          return queueing.enter(value, own -> proclaimAgain(caller, own, id, value, where));
        });
  }

  private CompletableFuture<Answer<Boolean>> proclaimAgain(
      Caller caller, KeyValue own, long lease, Bytes value, Executor where) {
    return own.value().equals(value)
        ? Answer.now(new Answer.Done<>(true))
        : Answer.map(
            put(caller, own.key(), own.createRevision(), lease, value, where), done -> true);
  }

  /** Tells all what the leader, with this key of that revision, has to say now. */
  public CompletableFuture<Answer<KeyspaceResult>> proclaim(
      Caller caller, Bytes key, long created, long lease, Bytes value, Executor where) {
    return Session.with(
        ingredients, caller, lease, id -> put(caller, key, created, id, value, where));
  }

  private CompletableFuture<Answer<KeyspaceResult>> put(
      Caller caller, Bytes key, long created, long lease, Bytes value, Executor where) {
    Txn txn =
        new Txn(
            List.of(Queries.created(key, created)),
            List.of(new Put(key, value, lease, false, false, false)),
            List.of());
    return Answer.then(
        ingredients.changing().txn(caller, txn, where),
        result ->
            Answer.now(
                Queries.txn(result).succeeded()
                    ? new Answer.Done<>(result)
                    : new Answer.Failed<>(NOT_LEADER, false)));
  }

  /** Who leads. */
  public CompletableFuture<Answer<Leader>> leader(Caller caller, Bytes name, Executor where) {
    return Answer.then(
        ingredients.reading().range(caller, Queries.first(Place.prefix(name)), where),
        result -> {
          Optional<KeyValue> first = Queries.found(result);
          return Answer.now(
              first.isPresent()
                  ? new Answer.Done<>(new Leader(result.revision(), first.get()))
                  : new Answer.Failed<>(NO_LEADER, false));
        });
  }

  /** Leads no longer; nothing happens if it did not. */
  public CompletableFuture<Answer<KeyspaceResult>> resign(
      Caller caller, Bytes key, long created, Executor where) {
    return ingredients.changing().txn(caller, Queueing.deletion(key, created), where);
  }

  /** Follows who leads and what is proclaimed, until {@code observer} goes. */
  public Observation observe(
      Caller caller, Bytes name, Observation.Observer observer, Executor where) {
    return new Observation(ingredients, caller, name, observer, where);
  }
}
