// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.Bytes;
import io.kvorum.env.Clock;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.base.Limits;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.consensus.Consensus;
import io.kvorum.server.lease.LeaseAuthority;
import io.kvorum.server.lease.LeaseAuthority.Checkpoints;
import io.kvorum.server.lease.Lessor;
import io.kvorum.server.request.AccountAccess;
import io.kvorum.server.request.ChangeLeases;
import io.kvorum.server.request.KeepLeases;
import io.kvorum.server.request.LeaseAccess;
import io.kvorum.server.request.LeasesHere;
import io.kvorum.server.transport.peer.LeasesByPeer;
import io.kvorum.server.transport.peer.PeerDirectory;
import io.kvorum.server.transport.peer.PeerNetwork;
import java.util.List;
import java.util.function.LongFunction;

/** What there is about leases, which the client and the peer port share. */
record LeaseParts(ChangeLeases changing, KeepLeases keeping, LeasesHere here) {

  /** What lets this member's lessor act. */
  static LeaseAuthority authority(
      Consensus consensus, Stores stores, MemberConfig config, PeerNetwork network) {
    return new LeaderAuthority(
        consensus.facts(),
        consensus.leaderProposals(),
        stores,
        config.features().leaseCheckpoint(),
        () -> checkpoints(network.company()));
  }

  /**
   * A genuine member takes what is written down back at a renewal only if it was started with the
   * switch for it, and nobody can know that: a lease would end too early under its lead.
   */
  private static Checkpoints checkpoints(PeerNetwork.Company company) {
    return switch (company) {
      case OURS -> Checkpoints.WRITTEN;
      case NOT_ALL_MET -> Checkpoints.PAUSED;
      case GENUINE_TOO -> Checkpoints.UNWANTED;
    };
  }

  /** Builds them. */
  static LeaseParts of(
      Ground ground, Lessor lessor, AccountAccess users, PeerDirectory directory, Clock clock) {
    Stores stores = ground.stores();
    Consensus consensus = ground.consensus();
    LongFunction<List<Bytes>> attached =
        lease -> stores.keyspace().read(view -> view.attached(lease));
    LeaseAccess access = LeaseAccess.of(users, users, stores.leases(), attached);
    LeasesHere here = new LeasesHere(lessor, consensus.readBarrier(), attached);
    return new LeaseParts(
        new ChangeLeases(access, ground.proposals(), consensus.freshIds()),
        new KeepLeases(
            access,
            here,
            new LeasesByPeer(directory),
            new KeepLeases.Leadership(consensus.facts(), stores.members()),
            ground.timers(),
            clock,
            Limits.of(ground.config().raft().electionTimeout()).requestTime()),
        here);
  }
}
