// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.LeaseCommand;
import io.kvorum.server.command.LeaseResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.lease.LeaseStore;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Grants and revokes leases. Futures end on the apply thread. Any thread may call. */
public final class ChangeLeases {

  private final LeaseAccess access;
  private final Proposals proposals;
  private final LongSupplier freshIds;

  /**
   * @param freshIds gives ids that nobody else gives, on no member
   */
  public ChangeLeases(LeaseAccess access, Proposals proposals, LongSupplier freshIds) {
    this.access = access;
    this.proposals = proposals;
    this.freshIds = freshIds;
  }

  /**
   * Grants a lease.
   *
   * @param id 0 for one that is chosen here
   */
  public CompletableFuture<Answer<LeaseResult>> grant(Caller caller, long id, long ttlSeconds) {
    if (ttlSeconds > LeaseStore.TTL_SECONDS_MAX) {
      return Answer.now(
          new Answer.Refused<>(new Refusal.Lease(Refusal.Lease.Reason.TTL_TOO_LARGE)));
    }
    return propose(
        caller,
        new LeaseAccess.Deed.Grant(),
        new LeaseCommand.Grant(id == 0 ? chosenId() : id, ttlSeconds));
  }

  /** Positive, as etcd's. */
  private long chosenId() {
    long id = 0;
    while (id == 0) {
      id = freshIds.getAsLong() & Long.MAX_VALUE;
    }
    return id;
  }

  /** Ends a lease and deletes its keys. */
  public CompletableFuture<Answer<LeaseResult>> revoke(Caller caller, long id) {
    return propose(caller, new LeaseAccess.Deed.Revoke(id), new LeaseCommand.Revoke(id));
  }

  private CompletableFuture<Answer<LeaseResult>> propose(
      Caller caller, LeaseAccess.Deed deed, LeaseCommand command) {
    return Answer.then(
        access.admit(caller, deed),
        requester ->
            proposals.propose(new V3Request(requester, command)).handle(ChangeLeases::answer));
  }

  private static Answer<LeaseResult> answer(@Nullable Applied applied, @Nullable Throwable failed) {
    if (applied == null) {
      return Answer.failed(failed == null ? new IllegalStateException("no outcome") : failed);
    }
    return switch (applied.outcome()) {
      case Outcome.Lease(var result) -> new Answer.Done<>(result);
      case Outcome.Refused(var refusal) -> new Answer.Refused<>(refusal);
      case Outcome other -> throw new IllegalStateException("the leases answered " + other);
    };
  }
}
