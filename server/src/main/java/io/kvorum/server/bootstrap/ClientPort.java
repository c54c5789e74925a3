// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.env.Clock;
import io.kvorum.env.Timers;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.consensus.Consensus;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.consensus.ReadBarrier;
import io.kvorum.server.observe.MemberStatistics;
import io.kvorum.server.observe.Metrics;
import io.kvorum.server.observe.ProcessFacts;
import io.kvorum.server.observe.log.LogThreshold;
import io.kvorum.server.request.AuthWriter;
import io.kvorum.server.request.Authorisation;
import io.kvorum.server.request.ChangeKey;
import io.kvorum.server.request.ChangeMembers;
import io.kvorum.server.request.CheckHealth;
import io.kvorum.server.request.EnoughStarted;
import io.kvorum.server.request.KeySpace;
import io.kvorum.server.request.KeyWaits;
import io.kvorum.server.request.KeyspaceLimits;
import io.kvorum.server.request.ListMembers;
import io.kvorum.server.request.ManageRoles;
import io.kvorum.server.request.ManageUsers;
import io.kvorum.server.request.MemberGauges;
import io.kvorum.server.request.Passwords;
import io.kvorum.server.request.ReadKey;
import io.kvorum.server.request.ReconfigurationRule;
import io.kvorum.server.request.ReportStatistics;
import io.kvorum.server.request.StoreGauges;
import io.kvorum.server.request.SwitchAuth;
import io.kvorum.server.request.UserAuthorisation;
import io.kvorum.server.request.V2Door;
import io.kvorum.server.request.WatchKey;
import io.kvorum.server.transport.gateway.Gateway;
import io.kvorum.server.transport.net.CrossOrigin;
import io.kvorum.server.transport.net.GrpcCalls;
import io.kvorum.server.transport.net.GrpcTraffic;
import io.kvorum.server.transport.net.HttpExchanges;
import io.kvorum.server.transport.net.LongPolls;
import io.kvorum.server.transport.net.RpcMethods;
import io.kvorum.server.transport.v2.AuthRequests;
import io.kvorum.server.transport.v2.ClientApi;
import io.kvorum.server.transport.v2.Diagnosis;
import io.kvorum.server.transport.v2.KeyRequests;
import io.kvorum.server.transport.v2.MemberRequests;
import io.kvorum.server.transport.v2.StatusRequests;
import io.kvorum.server.transport.v3.CallMetrics;
import io.kvorum.server.transport.v3.MaintenanceRequests;
import io.kvorum.server.tree.TreeView;
import io.kvorum.server.watch.TreeWatches;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Builds what answers on the client port. */
final class ClientPort {

  private static final Duration HEALTH_PATIENCE = Duration.ofSeconds(1);

  /**
   * The longest message to take from a client is so much longer than the longest request, as in
   * etcd: its own text refuses what is longer than that and not yet this.
   */
  private static final int MESSAGE_BYTES_MORE = 524_288;

  private final MemberConfig config;
  private final Clock clock;
  private final Timers timers;
  private final MemberStatistics statistics;
  private final Metrics metrics;

  ClientPort(
      MemberConfig config,
      Clock clock,
      Timers timers,
      MemberStatistics statistics,
      Metrics metrics) {
    this.config = config;
    this.clock = clock;
    this.timers = timers;
    this.statistics = statistics;
    this.metrics = metrics;
  }

  /**
   * What is on the port: gRPC for what asks for it, JSON below /v3/, the routes of the v2 API for
   * everything else.
   */
  Handler<HttpServerRequest> build(
      Ground ground,
      Watches watches,
      LongPolls polls,
      Passwords passwords,
      MembershipRequests membership,
      MaintenanceRequests maintenance,
      AccountRequests accounts,
      LeaseParts leases) {
    RpcMethods methods = new RpcMethods(new CallMetrics(metrics));
    StoreGauges.register(
        metrics,
        ground.stores().members().current().localId(),
        maintenance.status(),
        ground.stores().keyspace()::read,
        ground.consensus().facts());
    MemberConfig.Requests bounds = config.requests();
    int messageBytesMax = bounds.bytesMax() + MESSAGE_BYTES_MORE;
    new V3Services(
            ground,
            new KeyspaceLimits(bounds.operationsMax(), bounds.bytesMax()),
            membership,
            maintenance,
            watches,
            accounts,
            leases)
        .register(methods);
    HttpExchanges exchanges =
        new HttpExchanges(clock, polls, new CrossOrigin(config.listening().corsOrigins()));
    ClientApi routes =
        routes(
            ground.consensus(),
            ground.proposals(),
            ground.stores(),
            watches.tree(),
            exchanges,
            passwords);
    return new GrpcCalls(
        methods,
        messageBytesMax,
        polls,
        new Gateway(exchanges, methods, messageBytesMax, routes),
        GrpcTraffic.of(metrics));
  }

  private ClientApi routes(
      Consensus consensus,
      Proposals proposals,
      Stores stores,
      TreeWatches watches,
      HttpExchanges exchanges,
      Passwords passwords) {
    ConsensusFacts facts = consensus.facts();
    KeyWaits waits = KeyWaits.of(watches);
    ProcessFacts.register(metrics, ResidentMemory::bytes);
    Supplier<TreeView> views = stores.tree()::view;
    ReadBarrier barrier = consensus.readBarrier();
    Authorisation authorisation = new UserAuthorisation(views, passwords);
    AuthWriter writer = new AuthWriter(proposals);
    MemberGauges.register(
        metrics, stores.members().current().localId(), facts, consensus::proposalsPending);
    return new ClientApi(
        clock,
        exchanges,
        new KeyRequests(
            new ReadKey(authorisation, KeySpace.of(views), barrier, facts),
            new ChangeKey(authorisation, proposals, facts, clock),
            new WatchKey(authorisation, waits, facts)),
        new MemberRequests(
            new ListMembers(stores.members(), facts),
            new ChangeMembers(
                authorisation,
                proposals,
                stores.members(),
                clock,
                config.features().strictReconfigCheck().forV2()
                    ? new EnoughStarted()
                    : ReconfigurationRule.NONE)),
        new StatusRequests(
            new CheckHealth(
                barrier,
                facts,
                stores.members(),
                stores.alarms()::current,
                timers,
                HEALTH_PATIENCE),
            new ReportStatistics(
                stores.members(),
                facts,
                statistics,
                () -> TreeCounts.of(stores.tree().view(), watches))),
        new AuthRequests(
            authorisation,
            new ManageUsers(authorisation, views, barrier, writer, passwords),
            new ManageRoles(authorisation, views, barrier, writer),
            new SwitchAuth(authorisation, views, barrier, writer),
            new V2Door(stores.auth()::state, views, config.features().accounts().v2Anonymous())),
        new Diagnosis(
            metrics, ServerVersion.API, List.of("etcd"), level -> LogThreshold.set(level.name())),
        config.features().v2());
  }
}
