// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.env.Clock;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.consensus.Consensus;
import io.kvorum.server.request.AdminAccess;
import io.kvorum.server.request.Authorisation;
import io.kvorum.server.request.ChangeMembers;
import io.kvorum.server.request.ConnectedQuorum;
import io.kvorum.server.request.ListMembers;
import io.kvorum.server.request.PromoteMember;
import io.kvorum.server.request.ReconfigurationRule;
import io.kvorum.server.request.ReconfigureCluster;
import io.kvorum.server.transport.peer.PeerDirectory;
import io.kvorum.server.transport.peer.PeerNetwork;
import io.kvorum.server.transport.peer.PromotionByPeer;
import java.time.Duration;

/** The use cases of the v3 API about the membership, which the client and the peer port share. */
record MembershipRequests(PromoteMember promotion, ReconfigureCluster cluster) {

  /** How long the leader may take to promote for another member: etcd's time for a request. */
  private static final Duration PATIENCE = Duration.ofSeconds(7);

  /** Builds them. */
  static MembershipRequests of(
      Ground ground,
      AdminAccess access,
      PeerNetwork network,
      PeerDirectory directory,
      Clock clock) {
    Stores stores = ground.stores();
    Consensus consensus = ground.consensus();
    ReconfigurationRule rule =
        ground.config().features().strictReconfigCheck().forV3()
            ? new ConnectedQuorum(clock, member -> network.activeSince(member.value()))
            : ReconfigurationRule.NONE;
    ChangeMembers change =
        new ChangeMembers(Authorisation.OFF, ground.proposals(), stores.members(), clock, rule);
    PromoteMember promotion =
        new PromoteMember(
            change,
            consensus.followers(),
            consensus.facts(),
            stores.members(),
            new PromotionByPeer(directory, PATIENCE));
    return new MembershipRequests(
        promotion,
        new ReconfigureCluster(
            access,
            change,
            promotion,
            new ListMembers(stores.members(), consensus.facts()),
            consensus.readBarrier()));
  }
}
