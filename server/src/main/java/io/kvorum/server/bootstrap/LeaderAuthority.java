// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.raft.Effects.Role;
import io.kvorum.server.apply.StoreMeta;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.auth.AuthState;
import io.kvorum.server.base.MinorVersion;
import io.kvorum.server.command.LeaseCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.command.V3Request.Requester;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.LeaderProposals;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.lease.LeaseAuthority;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What a lessor may do is what the consensus lets a leader do, in the name of root. */
final class LeaderAuthority implements LeaseAuthority {

  /** Members before do not know what a checkpoint is. */
  private static final String CHECKPOINTS_SINCE = "3.4.0";

  private static final String ROOT = "root";

  private final ConsensusFacts facts;
  private final LeaderProposals proposals;
  private final Stores stores;
  private final Optional<Boolean> wanted;
  private final Supplier<Checkpoints> byCompany;

  /**
   * @param wanted what the configuration says about checkpoints
   * @param byCompany what to do when it says nothing
   */
  LeaderAuthority(
      ConsensusFacts facts,
      LeaderProposals proposals,
      Stores stores,
      Optional<Boolean> wanted,
      Supplier<Checkpoints> byCompany) {
    this.facts = facts;
    this.proposals = proposals;
    this.stores = stores;
    this.wanted = wanted;
    this.byCompany = byCompany;
  }

  @Override
  public long term() {
    // The term first: who leads in a later one is not taken for the leader of this one.
    long term = facts.term();
    return facts.role() == Role.LEADER && facts.term() == term ? term : 0;
  }

  @Override
  public boolean hasAppliedOf(long term) {
    return StoreMeta.position(stores.engine()).term() == term;
  }

  @Override
  public Checkpoints checkpoints() {
    boolean known =
        stores
            .members()
            .current()
            .clusterVersion()
            .filter(version -> MinorVersion.compare(version, CHECKPOINTS_SINCE) >= 0)
            .isPresent();
    if (!known) {
      return Checkpoints.PAUSED;
    }
    return wanted
        .map(written -> written ? Checkpoints.WRITTEN : Checkpoints.UNWANTED)
        .orElseGet(byCompany);
  }

  @Override
  public CompletableFuture<Outcome> submit(LeaseCommand command, long term) {
    AuthState auth = stores.auth().state();
    Requester requester = auth.enabled() ? new Requester(ROOT, auth.revision()) : Requester.NOBODY;
    return proposals
        .propose(new V3Request(requester, command), term)
        .thenApply(Proposals.Applied::outcome);
  }
}
