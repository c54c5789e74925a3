// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.recipe;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Locks: whoever is in front of the queue below a name has it.
 *
 * <p>Source: etcd's v3lock service.
 */
public final class LockNames {
  private final Ingredients ingredients;

  public LockNames(Ingredients ingredients) {
    this.ingredients = ingredients;
  }

  /**
   * Takes the lock of {@code name}; the same lease may take it again. Ends when the caller has it.
   *
   * @param lease 0 for one that ends a minute after this call at the latest
   * @param waiting is told when the client goes
   * @param where the call's thread
   */
  public CompletableFuture<Answer<Place>> lock(
      Caller caller, Bytes name, long lease, Waiting waiting, Executor where) {
    return Session.with(
        ingredients,
        caller,
        lease,
        id -> {
          Queueing queueing = new Queueing(ingredients, caller, name, id, where);
          waiting.onGone(queueing::giveUp);
          return queueing.enter(Bytes.EMPTY, own -> Answer.now(new Answer.Done<>(true)));
        });
  }

  /** Gives the lock with this key back, if anybody has it. */
  public CompletableFuture<Answer<KeyspaceResult>> unlock(Caller caller, Bytes key) {
    return ingredients.changing().delete(caller, new DeleteRange(key, Bytes.EMPTY, false));
  }
}
