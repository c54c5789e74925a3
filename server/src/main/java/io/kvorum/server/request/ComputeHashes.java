// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.request.AdminAccess.Right;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;

/** Computes hashes that tell whether members hold the same. Reads everything. Any thread. */
public final class ComputeHashes {
  private final AdminAccess access;
  private final KeyspaceReading keyspace;
  private final IntSupplier whole;
  private final SlowWork work;

  /**
   * Creates the use case.
   *
   * @param whole computes the hash over everything that a database file of this store would hold
   */
  public ComputeHashes(
      AdminAccess access, KeyspaceReading keyspace, IntSupplier whole, SlowWork work) {
    this.access = access;
    this.keyspace = keyspace;
    this.whole = whole;
    this.work = work;
  }

  /** The hash over everything, which differs between releases. */
  public CompletableFuture<Answer<Integer>> whole(Caller caller) {
    return Answer.then(
        access.admit(caller, Right.ROOT),
        requester -> work.run(() -> new Answer.Done<>(whole.getAsInt())));
  }

  /** The hash over the history of the v3 keyspace up to {@code revision}, 0 for the newest. */
  public CompletableFuture<Answer<KeyspaceResult.Hash>> history(Caller caller, long revision) {
    return Answer.then(access.admit(caller, Right.ROOT), requester -> history(revision));
  }

  /** The same for another member. */
  public CompletableFuture<Answer<KeyspaceResult.Hash>> history(long revision) {
    return work.run(() -> answer(keyspace.read(view -> view.hash(revision))));
  }

  private static Answer<KeyspaceResult.Hash> answer(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Keyspace(KeyspaceResult.Hash hash) -> new Answer.Done<>(hash);
      case Outcome.Refused(var refusal) -> new Answer.Refused<>(refusal);
      default -> throw new IllegalStateException("hashing came to " + outcome);
    };
  }
}
