// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.Command;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.consensus.Proposals;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Keeps out of the log what would stop another member of this cluster: a genuine etcd 3.6 or later
 * ends itself at the first change of a v2 key, and at each restart again.
 */
public final class GuardedProposals implements Proposals {

  private final Proposals inner;
  private final Supplier<Optional<String>> objection;

  /**
   * @param objection why nothing of v2 may be written now, naming the member in the way
   */
  public GuardedProposals(Proposals inner, Supplier<Optional<String>> objection) {
    this.inner = inner;
    this.objection = objection;
  }

  /** As {@link Proposals#propose}; fails with {@link WritesRefused} when it must not happen now. */
  @Override
  public CompletableFuture<Applied> propose(Command command) {
    Optional<String> reason = command instanceof TreeCommand ? objection.get() : Optional.empty();
    return reason.isPresent()
        ? CompletableFuture.failedFuture(new WritesRefused(reason.get()))
        : inner.propose(command);
  }
}
