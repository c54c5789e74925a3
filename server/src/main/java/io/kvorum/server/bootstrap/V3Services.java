// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.MemberId;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.consensus.Consensus;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import io.kvorum.server.request.ChangeKeyspace;
import io.kvorum.server.request.KeyspaceAccess;
import io.kvorum.server.request.KeyspaceLimits;
import io.kvorum.server.request.KeyspaceReading;
import io.kvorum.server.request.ReadKeyspace;
import io.kvorum.server.transport.net.RpcMethods;
import io.kvorum.server.transport.v3.ClusterService;
import io.kvorum.server.transport.v3.Gate;
import io.kvorum.server.transport.v3.Headers;
import io.kvorum.server.transport.v3.HealthService;
import io.kvorum.server.transport.v3.KvService;

/** Builds the services of the v3 API: for gRPC, and for the JSON gateway in front of it. */
final class V3Services {

  private final Consensus consensus;
  private final Proposals proposals;
  private final Stores stores;
  private final KeyspaceLimits limits;
  private final MembershipRequests membership;

  V3Services(
      Consensus consensus,
      Proposals proposals,
      Stores stores,
      KeyspaceLimits limits,
      MembershipRequests membership) {
    this.membership = membership;
    this.consensus = consensus;
    this.proposals = proposals;
    this.stores = stores;
    this.limits = limits;
  }

  /** Adds all of them. */
  void register(RpcMethods methods) {
    ConsensusFacts facts = consensus.facts();
    Membership now = stores.members().current();
    Headers headers = new Headers(now.clusterId(), now.localId(), facts::term);
    Gate gate = new Gate(() -> !facts.leader().equals(MemberId.NONE), this::isLearner);
    HealthService.register(methods);
    keyspace(headers, gate).register(methods);
    new ClusterService(membership.cluster(), headers, gate).register(methods);
  }

  private boolean isLearner() {
    return stores.members().current().local().filter(Member::learner).isPresent();
  }

  private KvService keyspace(Headers headers, Gate gate) {
    KeyspaceReading reading = stores.keyspace()::read;
    ReadKeyspace read =
        new ReadKeyspace(KeyspaceAccess.OFF, reading, consensus.readBarrier(), limits);
    return new KvService(
        read, new ChangeKeyspace(KeyspaceAccess.OFF, read, proposals, limits), headers, gate);
  }
}
