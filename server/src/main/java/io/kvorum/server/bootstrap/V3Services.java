// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.MemberId;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import io.kvorum.server.mvcc.KeyspaceView;
import io.kvorum.server.recipe.HoldElections;
import io.kvorum.server.recipe.Ingredients;
import io.kvorum.server.recipe.LockNames;
import io.kvorum.server.request.ChangeKeyspace;
import io.kvorum.server.request.KeyspaceLimits;
import io.kvorum.server.request.ReadKeyspace;
import io.kvorum.server.request.WatchKeyspace;
import io.kvorum.server.transport.net.RpcMethods;
import io.kvorum.server.transport.v3.AuthService;
import io.kvorum.server.transport.v3.ClusterService;
import io.kvorum.server.transport.v3.ElectionService;
import io.kvorum.server.transport.v3.Gate;
import io.kvorum.server.transport.v3.Headers;
import io.kvorum.server.transport.v3.HealthService;
import io.kvorum.server.transport.v3.KvService;
import io.kvorum.server.transport.v3.LeaseService;
import io.kvorum.server.transport.v3.LockService;
import io.kvorum.server.transport.v3.MaintenanceRequests;
import io.kvorum.server.transport.v3.MaintenanceService;
import io.kvorum.server.transport.v3.ReflectionService;
import io.kvorum.server.transport.v3.WatchService;

/** Builds the services of the v3 API: for gRPC, and for the JSON gateway in front of it. */
final class V3Services {

  /** So much longer than a request may a watcher's message be before it is cut, as in etcd. */
  private static final long MESSAGE_BYTES_MORE = 524_288;

  private final Ground ground;
  private final KeyspaceLimits limits;
  private final MembershipRequests membership;
  private final MaintenanceRequests maintenance;
  private final Watches watches;
  private final AccountRequests accounts;
  private final LeaseParts leases;

  V3Services(
      Ground ground,
      KeyspaceLimits limits,
      MembershipRequests membership,
      MaintenanceRequests maintenance,
      Watches watches,
      AccountRequests accounts,
      LeaseParts leases) {
    this.watches = watches;
    this.ground = ground;
    this.limits = limits;
    this.membership = membership;
    this.maintenance = maintenance;
    this.accounts = accounts;
    this.leases = leases;
  }

  /** Adds all of them. */
  void register(RpcMethods methods) {
    ConsensusFacts facts = ground.consensus().facts();
    Membership now = ground.stores().members().current();
    Headers headers = new Headers(now.clusterId(), now.localId(), facts::term);
    Gate gate = new Gate(() -> !facts.leader().equals(MemberId.NONE), this::isLearner);
    ground.timers().every(ground.config().raft().electionTimeout(), gate::checkLeader);
    HealthService.register(methods);
    ReflectionService.register(methods);
    ReadKeyspace read =
        new ReadKeyspace(
            accounts.access(),
            ground.stores().keyspace()::read,
            ground.consensus().readBarrier(),
            limits);
    ChangeKeyspace change = new ChangeKeyspace(accounts.access(), read, ground.proposals(), limits);
    WatchKeyspace watch = watches.requests(ground.stores(), accounts.access());
    new KvService(read, change, headers, gate).register(methods);
    Ingredients ingredients =
        new Ingredients(read, change, watch, new Recipes(leases), ground.timers());
    new LockService(new LockNames(ingredients), headers, gate).register(methods);
    new ElectionService(new HoldElections(ingredients), headers, gate).register(methods);
    new WatchService(watch, headers, gate, limits.requestBytesMax() + MESSAGE_BYTES_MORE)
        .register(methods);
    new LeaseService(
            leases.changing(),
            leases.keeping(),
            () -> ground.stores().keyspace().read(KeyspaceView::revision),
            headers,
            gate)
        .register(methods);
    new ClusterService(membership.cluster(), headers, gate).register(methods);
    new AuthService(accounts.manage(), accounts.login(), headers, this::revision, gate)
        .register(methods);
    new MaintenanceService(maintenance, headers, gate, ServerVersion.API, ground.workers())
        .register(methods);
  }

  private boolean isLearner() {
    return ground.stores().members().current().local().filter(Member::learner).isPresent();
  }

  private long revision() {
    return ground.stores().keyspace().read(KeyspaceView::revision);
  }
}
