// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.env.RealDisk;
import io.kvorum.env.ThreadTimers;
import io.kvorum.env.ThreadWorkers;
import io.kvorum.env.Timers;
import io.kvorum.env.Worker;
import io.kvorum.raft.RaftConfig;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.apply.ApplyLoop;
import io.kvorum.server.apply.ArrivingPasswords;
import io.kvorum.server.apply.Audience;
import io.kvorum.server.apply.HistoryCleaner;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.auth.PlainPasswords;
import io.kvorum.server.auth.Tokens;
import io.kvorum.server.base.Limits;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.consensus.Consensus;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.duty.ClusterVersionDuty;
import io.kvorum.server.duty.ExpiryDuty;
import io.kvorum.server.duty.PublishDuty;
import io.kvorum.server.lease.Lessor;
import io.kvorum.server.lease.Pace;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import io.kvorum.server.member.WholeMember;
import io.kvorum.server.observe.MemberMetrics;
import io.kvorum.server.observe.MemberStatistics;
import io.kvorum.server.observe.Metrics;
import io.kvorum.server.observe.PeerMetrics;
import io.kvorum.server.request.BackgroundWork;
import io.kvorum.server.request.Passwords;
import io.kvorum.server.request.SlowWork;
import io.kvorum.server.storage.engine.RocksEngine;
import io.kvorum.server.storage.engine.RocksLimits;
import io.kvorum.server.storage.log.LogLimits;
import io.kvorum.server.transport.peer.HashByPeer;
import io.kvorum.server.transport.peer.LeasesByPeer;
import io.kvorum.server.transport.peer.PeerApi;
import io.kvorum.server.transport.peer.PeerDirectory;
import io.kvorum.server.transport.peer.PeerEndpoint;
import io.kvorum.server.transport.peer.PeerIdentity;
import io.kvorum.server.transport.peer.PeerNetwork;
import io.kvorum.server.transport.peer.PromotionByPeer;
import io.kvorum.server.transport.v3.MaintenanceRequests;
import io.kvorum.server.watch.KeyspaceWatches;
import io.kvorum.server.watch.TreeWatches;
import io.kvorum.server.watch.WatchLimits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The object graph of a member, built by hand in the order of its dependencies:
 *
 * <pre>
 *   ports open ─▶ identity ─▶ log, store, replay ─▶ consensus ◀─▶ peers
 *                                                      ▲│
 *                                                      │▼
 *                                     duties, requests ─▶ apply ─▶ watches
 * </pre>
 */
final class Assembly {

  private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);
  private static final Duration TOKEN_SWEEP = Duration.ofSeconds(1);
  private static final Duration PURGE_PERIOD = Duration.ofSeconds(30);
  private static final Duration RELEASE_PATIENCE = Duration.ofSeconds(1);

  private final MemberConfig config;
  private final Consumer<Ending> onEnding;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Clock clock;
  private final Metrics metrics = new Metrics();
  private final MemberStatistics statistics;
  private final MemberMetrics memberMetrics;
  private final ThreadTimers timers = new ThreadTimers("timer", this::failed);
  private final ThreadWorkers workers = new ThreadWorkers();
  private final Sockets peers = new Sockets("peers", 1, MemberConfig.Requests.DEFAULT.streamsMax());
  private final Sockets clients;
  private final Farewell farewell = new Farewell(timers, () -> end(new Ending.Removed()));
  private final List<Timers.Cancellable> duties = new ArrayList<>();
  private final Storage storage;
  private final Consensus consensus;
  private final PeerNetwork network;
  private final ApplyLoop apply;
  private final Worker<SnapshotMetadata> flusher;
  private final PublishDuty publishing;

  /** What is to be undone at the end, or when the start fails, the newest first. */
  private final Deque<Step> undo;

  /** Takes one part away. */
  @FunctionalInterface
  private interface Step {
    void undo() throws InterruptedException;
  }

  /** Either all of a member, or an exception and nothing left behind. */
  static Assembly start(MemberConfig config, Consumer<Ending> onEnding, Clock clock) {
    Deque<Step> undo = new ArrayDeque<>();
    try {
      return new Assembly(config, onEnding, clock, undo);
    } catch (RuntimeException | Error failure) {
      undoAll(undo);
      throw failure;
    }
  }

  private Assembly(MemberConfig config, Consumer<Ending> onEnding, Clock clock, Deque<Step> undo) {
    this.config = config;
    this.onEnding = onEnding;
    this.clock = clock;
    statistics = new MemberStatistics(clock);
    memberMetrics = new MemberMetrics(metrics, statistics, ServerVersion.API);
    clients = new Sockets("client requests", clientLoops(), config.requests().streamsMax());
    this.undo = undo;
    undo.push(peers::close);
    undo.push(clients::close);
    undo.push(timers::close);
    peers.listen(config.listening().peerUrls());
    clients.listen(config.listening().clientUrls());
    storage = openStorage();
    undo.push(storage::close);
    Stores stores = storage.stores();
    MemberId self = new MemberId(storage.identity().memberId());
    MemberId cluster = new MemberId(storage.identity().clusterId());
    ClusterVersionLog versionLog =
        new ClusterVersionLog(stores.members().current().clusterVersion());

    consensus = new Consensus(consensusParts(), consensusRuntime(), timings());
    network =
        new PeerNetwork(
            peers.vertx(),
            clock,
            new PeerIdentity(
                self, cluster, ServerVersion.API, ServerVersion.own(), ownPeerUrls(self)),
            Duration.ofSeconds(1).plus(config.raft().electionTimeout().dividedBy(5)),
            () -> stores.tree().view().isUsed(),
            () -> end(new Ending.Removed()));
    Watches watches =
        new Watches(
            new TreeWatches(stores.tree().view()),
            new KeyspaceWatches(
                WatchLimits.DEFAULT, stores.keyspace()::read, workers, this::failed),
            timers,
            config.features().watchProgressPeriod());
    undo.push(watches.keyspace()::stop);
    flusher = workers.start("flush", 1, this::flush, this::failed);
    undo.push(
        () -> {
          flusher.stop();
          flusher.awaitEnd();
        });
    Tokens tokens = TokenKind.of(config.features().accounts(), clock);
    Lessor lessor =
        new Lessor(
            stores.leases(),
            LeaseParts.authority(consensus, stores, config, network),
            Pace.of(config.raft().electionTimeout()),
            clock,
            workers,
            timers,
            this::failed);
    undo.push(lessor::stop);
    AppliedDoor door = new AppliedDoor();
    apply =
        new ApplyLoop(
            stores,
            storage.desk(),
            new Audience(
                door,
                watches.tree(),
                watches.keyspace(),
                lessor::changed,
                tokens::changed,
                membership -> membershipChanged(membership, versionLog),
                flusher::offer),
            new ApplyLoop.Pace(
                config.storage().snapshotCount(),
                new HistoryCleaner.Pace(
                    config.keyspace().cleaningRecords(), config.keyspace().cleaningPause())),
            new ApplyLoop.Runtime(workers, timers, this::failed));
    ArrivingPasswords arriving =
        new ArrivingPasswords(
            PlainPasswords.atOnce(config.features().accounts().bcryptCost()),
            workers,
            this::failed);
    undo.push(arriving::stop);
    stores.auth().hashWith(arriving);
    undo.push(apply::stop);
    PeerMetrics peerMetrics = new PeerMetrics(metrics);
    MeteredPeers metered = new MeteredPeers(network, statistics, peerMetrics, clock);
    consensus.start(metered, arriving.before(apply));
    undo.push(consensus::stop);
    door.open(consensus.appliedListener());
    network.start(metered.inbox(consensus.peerInbox()));
    tellNetwork();
    leaveIfRemoved(stores.members().current());

    Proposals proposals =
        SpaceDuties.guard(consensus.proposals(), this::objectionToV2Writes, stores, config, apply);
    BackgroundWork work = new BackgroundWork(proposals, consensus.facts(), stores.members());
    publishing =
        new PublishDuty(
            work,
            timers,
            new MemberCommand.Publish(
                self, config.name(), config.listening().advertisedClientUrls()),
            () -> LOG.info("ready to serve client requests"));
    startDuties(work, stores);
    PeerProbe probe =
        new PeerProbe(new PeerDirectory(peers.vertx()), stores.members(), peerMetrics, clock);
    duties.add(timers.every(PeerProbe.PERIOD, probe::ask));
    Ground ground = new Ground(config, consensus, proposals, stores, workers, timers);
    SlowWork slow = new SlowWork(workers, this::failed);
    undo.push(slow::stop);
    duties.add(timers.every(TOKEN_SWEEP, tokens::sweep));
    Passwords passwords = new Passwords(workers, this::failed);
    undo.push(passwords::stop);
    AccountRequests accounts = AccountRequests.of(ground, tokens, passwords);
    MembershipRequests membership =
        MembershipRequests.of(
            ground, accounts.access(), network, new PeerDirectory(peers.vertx()), clock);
    MaintenanceRequests maintenance = MaintenanceParts.of(ground, accounts.access(), slow);
    LeaseParts leases =
        LeaseParts.of(ground, lessor, accounts.access(), new PeerDirectory(peers.vertx()), clock);
    List<PeerEndpoint> endpoints = new ArrayList<>(LeasesByPeer.endpoints(network, leases.here()));
    endpoints.add(PromotionByPeer.endpoint(membership.promotion(), this::membersJson));
    endpoints.add(HashByPeer.endpoint(network, maintenance.hashes()));
    peers.serve(new PeerApi(network, this::membersJson, this::versionJson, endpoints));
    clients.serve(
        new ClientPort(config, clock, timers, statistics, metrics)
            .build(
                ground,
                watches,
                clients.polls(),
                passwords,
                membership,
                maintenance,
                accounts,
                leases));
    publishing.start();
    speedUpFirstElection();
  }

  // --- building ---

  private Storage openStorage() {
    DataDir dir = DataDir.of(config.storage());
    RealDisk disk = new RealDisk();
    dir.prepare(disk);
    Storage.Place place =
        new Storage.Place(dir, disk, clock, LogLimits.DEFAULT, config.raft().leaseSecondsMin());
    if (place.hasLog()) {
      LOG.info("the server is already initialized as member before, starting as etcd member...");
    } else {
      Identity identity =
          new Founding(
                  config.name(),
                  config.founding(),
                  new Neighbours(new PeerDirectory(peers.vertx())))
              .identify();
      LOG.info("starting member {} in cluster {}", identity.member(), identity.cluster());
      Storage.found(place, identity);
    }
    return Storage.open(
        place,
        () ->
            new MeteredEngine(
                RocksEngine.open(dir.store(), Stores.tables(), RocksLimits.DEFAULT),
                memberMetrics.storeCommitSeconds(),
                clock),
        config.founding().forceNewCluster());
  }

  private Consensus.Parts consensusParts() {
    RaftConfig raft =
        new RaftConfig(
            storage.identity().memberId(),
            config.raft().electionTicks(),
            1,
            1 << 20,
            512,
            limits().logTailBytes(),
            config.raft().preVote(),
            true);
    return new Consensus.Parts(
        raft,
        storage.start(),
        storage.lastOwnRequestId(),
        storage.log(),
        storage.snapshots(),
        RandomGenerator.getDefault());
  }

  private Consensus.Runtime consensusRuntime() {
    return new Consensus.Runtime(workers, timers, clock, this::failed, memberMetrics);
  }

  private Consensus.Timings timings() {
    return new Consensus.Timings(
        config.raft().heartbeat(), config.raft().electionTimeout(), limits());
  }

  private Limits limits() {
    return Limits.of(config.raft().electionTimeout());
  }

  private List<String> ownPeerUrls(MemberId self) {
    return storage
        .stores()
        .members()
        .current()
        .find(self)
        .map(Member::peerUrls)
        .orElse(config.founding().advertisedPeerUrls());
  }

  private static int clientLoops() {
    return Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
  }

  private void startDuties(BackgroundWork work, Stores stores) {
    duties.add(
        new ExpiryDuty(work, clock, () -> stores.tree().view().earliestDeadline()).start(timers));
    PeerDirectory directory = new PeerDirectory(peers.vertx());
    duties.add(
        new ClusterVersionDuty(
                work,
                member ->
                    directory
                        .ask(member.peerUrls(), "/version", RELEASE_PATIENCE)
                        .thenApply(answer -> answer.flatMap(ReleaseJson::server)),
                ServerVersion.API,
                config.features().clusterVersionMax())
            .start(timers));
    duties.addAll(SpaceDuties.start(work, stores, config.keyspace(), clock, timers));
    duties.add(timers.every(PURGE_PERIOD, () -> storage.purge(config.storage())));
  }

  /** A cluster that starts should not wait for a whole election timeout to begin electing. */
  private void speedUpFirstElection() {
    int ticks = config.raft().electionTicks();
    if (storage.stores().members().current().members().size() <= 1) {
      consensus.advanceElectionTimer(ticks - 1);
    } else if (config.raft().advanceFirstElection()) {
      new FirstElection(timers, () -> network.activePeers() > 0)
          .whenConnected(() -> consensus.advanceElectionTimer(ticks - 2));
    }
  }

  // --- while it runs ---

  private void membershipChanged(Membership membership, ClusterVersionLog versionLog) {
    versionLog.look(membership);
    tellNetwork();
    leaveIfRemoved(membership);
  }

  private void leaveIfRemoved(Membership membership) {
    if (membership.removed().contains(membership.localId())) {
      farewell.begin(membership.members().values().stream().anyMatch(member -> !member.learner()));
    }
  }

  /** Reads what is published under the lock: whoever comes last tells the newest. */
  private synchronized void tellNetwork() {
    Membership membership = storage.stores().members().current();
    List<PeerNetwork.Address> others =
        membership.members().values().stream()
            .filter(member -> !member.id().equals(membership.localId()))
            .map(member -> new PeerNetwork.Address(member.id().value(), member.peerUrls()))
            .toList();
    Set<Long> removed =
        membership.removed().stream().map(MemberId::value).collect(Collectors.toSet());
    network.update(others, removed);
  }

  /** Why a v2 write would do harm, if it would. */
  private Optional<String> objectionToV2Writes() {
    return network.memberWithoutV2().map(this::objection);
  }

  private String objection(PeerNetwork.WithoutV2 member) {
    MemberId id = new MemberId(member.id());
    String name = storage.stores().members().current().find(id).map(Member::name).orElse("");
    return "etcdserver: v2 writes are refused while member %s %s runs etcd %s, which would not survive them"
        .formatted(id.hex(), name, member.release());
  }

  /** Makes the store durable up to the newest of {@code due}, then lets the log go. */
  private void flush(List<SnapshotMetadata> due) {
    SnapshotMetadata newest = due.getLast();
    LOG.info("start to snapshot (applied: {})", newest.position().index());
    storage.stores().engine().flush();
    consensus.snapshotTaken(newest);
    LOG.info("saved snapshot at index {}", newest.position().index());
  }

  private Bytes membersJson() {
    GoJson json = new GoJson();
    json.beginArray();
    storage
        .stores()
        .members()
        .current()
        .members()
        .values()
        .forEach(member -> WholeMember.write(member, json));
    return json.endArray().newline().toBytes();
  }

  private Bytes versionJson() {
    GoJson json = new GoJson();
    json.beginObject().name("etcdserver").value(ServerVersion.API);
    json.name("etcdcluster")
        .value(storage.stores().members().current().clusterVersion().orElse("not_decided"));
    return json.endObject().toBytes();
  }

  private void failed(Throwable cause) {
    end(new Ending.Failed(cause));
  }

  private void end(Ending ending) {
    if (ended.compareAndSet(false, true)) {
      onEnding.accept(ending);
    }
  }

  Consensus consensus() {
    return consensus;
  }

  /** The first entry that this member could still send to others. */
  long firstLogIndex() {
    return storage.log().firstIndex();
  }

  PeerNetwork network() {
    return network;
  }

  Stores stores() {
    return storage.stores();
  }

  Sockets clients() {
    return clients;
  }

  // --- taking apart ---

  void stopDuties() {
    publishing.stop();
    duties.forEach(Timers.Cancellable::cancel);
  }

  void stop() {
    network.stop();
    peers.stopListening(Duration.ofMillis(200));
    undoAll(undo);
  }

  /** A part that does not come off must not keep the others: ports and locks become free. */
  private static void undoAll(Deque<Step> steps) {
    while (!steps.isEmpty()) {
      try {
        steps.pop().undo();
      } catch (RuntimeException failure) {
        LOG.error("stopping", failure);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
