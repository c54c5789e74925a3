// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.server.command.Command;
import io.kvorum.server.consensus.Proposals.Applied;
import java.util.concurrent.CompletableFuture;

/** The way into the log for what only the leader of one term may decide. Any thread. */
public interface LeaderProposals {

  /**
   * Proposes as {@link Proposals#propose} does, but neither waits for another leader nor is sent to
   * one: when this member does not lead in {@code term} by the time its turn comes, the future
   * fails and nothing has happened.
   *
   * @param term not 0
   */
  CompletableFuture<Applied> propose(Command command, long term);
}
