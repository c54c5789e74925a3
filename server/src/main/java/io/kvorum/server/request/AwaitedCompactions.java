// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.Command;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.Proposals;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/** Answers a physical compaction when its records are gone from this member, not before. */
public final class AwaitedCompactions implements Proposals {

  private final Proposals inner;
  private final LongFunction<CompletableFuture<Void>> cleaned;

  /**
   * Waits after {@code inner}.
   *
   * @param cleaned ends when nothing is left that a compaction at that revision removes
   */
  public AwaitedCompactions(Proposals inner, LongFunction<CompletableFuture<Void>> cleaned) {
    this.inner = inner;
    this.cleaned = cleaned;
  }

  @Override
  public CompletableFuture<Applied> propose(Command command) {
    CompletableFuture<Applied> applied = inner.propose(command);
    return command instanceof V3Request(var requester, Compact(long revision, boolean physical))
            && physical
        ? applied.thenCompose(
            done ->
                done.outcome() instanceof Outcome.Keyspace
                    ? cleaned.apply(revision).thenApply(gone -> done)
                    : CompletableFuture.completedFuture(done))
        : applied;
  }
}
