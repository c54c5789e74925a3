// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.env.ThreadWorkers;
import io.kvorum.env.Timers;
import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.http.HttpStream;
import io.kvorum.raft.Effects.Role;
import io.kvorum.server.auth.AuthStore;
import io.kvorum.server.command.Alarm;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import io.kvorum.server.observe.LogLevel;
import io.kvorum.server.observe.MemberStatistics;
import io.kvorum.server.observe.Metrics;
import io.kvorum.server.request.AuthWriter;
import io.kvorum.server.request.Authorisation;
import io.kvorum.server.request.ChangeKey;
import io.kvorum.server.request.ChangeMembers;
import io.kvorum.server.request.CheckHealth;
import io.kvorum.server.request.EnoughStarted;
import io.kvorum.server.request.KeySpace;
import io.kvorum.server.request.KeyWaits;
import io.kvorum.server.request.ListMembers;
import io.kvorum.server.request.ManageRoles;
import io.kvorum.server.request.ManageUsers;
import io.kvorum.server.request.Passwords;
import io.kvorum.server.request.ReadKey;
import io.kvorum.server.request.ReconfigurationRule;
import io.kvorum.server.request.ReportStatistics;
import io.kvorum.server.request.SwitchAuth;
import io.kvorum.server.request.V2Door;
import io.kvorum.server.request.WatchKey;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.transport.net.CrossOrigin;
import io.kvorum.server.transport.net.GrpcCalls;
import io.kvorum.server.transport.net.HttpExchanges;
import io.kvorum.server.transport.net.HttpListener;
import io.kvorum.server.transport.net.LongPolls;
import io.kvorum.server.transport.net.RpcMethods;
import io.kvorum.server.tree.TreeStore;
import io.kvorum.server.tree.TreeView;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A client port over hand-written stand-ins, listening on a port of its own on loopback. */
final class TestPort implements AutoCloseable {
  static final long START = 1_000_000_000_000_000_000L;

  /** Room for two of the largest forms and a bit. */
  static final long BODY_BYTES_MAX = 21 << 20;

  static final Duration PATIENCE = Duration.ofSeconds(10);
  static final MemberId ID = MemberId.parseHex("2e1259d415f2a040");
  static final MemberId CLUSTER = MemberId.parseHex("48276a8f75b6a87");

  private static final KeySpace NO_KEYS =
      (path, recursive, sorted) ->
          new Outcome.Refused(new Refusal.Tree(Refusal.Tree.Code.KEY_NOT_FOUND, path, 7));
  private static final KeyWaits NO_WAITS =
      (path, recursive, stream, index, ready) -> {
        throw new IllegalStateException("no watch expected");
      };

  /** What each request may meet; replaced by the tests. */
  volatile Function<Command, CompletableFuture<Applied>> proposals =
      command -> answered(new Outcome.Done());

  volatile KeySpace keys = NO_KEYS;
  volatile CompletableFuture<Void> barrier = CompletableFuture.completedFuture(null);
  volatile KeyWaits waits = NO_WAITS;
  volatile MemberId leader = ID;
  volatile Role role = Role.LEADER;
  volatile Optional<String> clusterVersion = Optional.of("3.4.0");
  volatile long now = START;
  volatile boolean permitted = true;
  volatile List<Alarm> standing = List.of();

  /** Users of v3: nobody, and the switch is off. */
  final AuthStore v3 = AuthStore.open(new MemoryEngine(AuthStore.tables()));

  private final boolean v2;
  private final boolean v2Anonymous;
  final ClientApi api;
  final List<Command> proposed = new CopyOnWriteArrayList<>();
  final List<LogLevel> levels = new CopyOnWriteArrayList<>();
  final List<Runnable> alarms = new CopyOnWriteArrayList<>();
  final Map<MemberId, Member> members = new ConcurrentSkipListMap<>();
  final Metrics metrics = new Metrics();
  final LongPolls polls = new LongPolls();
  final HttpListener listener;
  final InetSocketAddress address;

  private final Passwords passwords =
      new Passwords(
          new ThreadWorkers(),
          failure -> {
            throw new IllegalStateException(failure);
          });
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));

  TestPort() {
    this(false, List.of());
  }

  /** Forgets what the last test wanted. */
  void reset() {
    proposed.clear();
    proposals = command -> answered(new Outcome.Done());
    keys = NO_KEYS;
    waits = NO_WAITS;
    barrier = CompletableFuture.completedFuture(null);
    leader = ID;
    role = Role.LEADER;
    clusterVersion = Optional.of("3.4.0");
    now = START;
    permitted = true;
    standing = List.of();
    levels.clear();
    alarms.clear();
    members.keySet().retainAll(Set.of(ID));
  }

  /** One that checks strictly, or lets pages of some origins in. */
  TestPort(boolean strictReconfigCheck, List<String> corsOrigins) {
    this(strictReconfigCheck, corsOrigins, true, false);
  }

  /** The same with the switches of the v2 API. */
  TestPort(boolean strictReconfigCheck, List<String> corsOrigins, boolean v2, boolean v2Anonymous) {
    this.v2 = v2;
    this.v2Anonymous = v2Anonymous;
    members.put(
        ID,
        new Member(
            ID, "s1", List.of("http://127.0.0.1:23800"), List.of("http://127.0.0.1:23790"), false));
    api = api(strictReconfigCheck, new CrossOrigin(corsOrigins));
    listener =
        new HttpListener(vertx, 2, polls, new GrpcCalls(new RpcMethods(), 1 << 20, polls, api));
    address =
        listener
            .start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
            .toCompletableFuture()
            .join()
            .get(0);
  }

  private ClientApi api(boolean strictReconfigCheck, CrossOrigin crossOrigin) {
    Clock clock = new TestClock();
    ConsensusFacts facts = new TestFacts();
    Timers timers = new TestTimers();
    MemberStatistics statistics = new MemberStatistics(clock);
    statistics.leads(ID);
    return new ClientApi(
        clock,
        new HttpExchanges(clock, polls, crossOrigin, BODY_BYTES_MAX),
        new KeyRequests(
            new ReadKey(
                Authorisation.OFF,
                (path, recursive, sorted) -> keys.get(path, recursive, sorted),
                () -> barrier,
                facts),
            new ChangeKey(Authorisation.OFF, this::propose, facts, clock),
            new WatchKey(
                Authorisation.OFF,
                (path, recursive, stream, index, ready) ->
                    waits.watch(path, recursive, stream, index, ready),
                facts)),
        new MemberRequests(
            new ListMembers(this::membership, facts),
            new ChangeMembers(
                Authorisation.OFF,
                this::propose,
                this::membership,
                clock,
                strictReconfigCheck ? new EnoughStarted() : ReconfigurationRule.NONE)),
        new StatusRequests(
            new CheckHealth(
                () -> barrier,
                facts,
                this::membership,
                () -> standing,
                timers,
                Duration.ofSeconds(1)),
            new ReportStatistics(
                this::membership,
                facts,
                statistics,
                () -> List.of(new ReportStatistics.Count("getsSuccess", 3)))),
        auth(),
        new Diagnosis(metrics, "3.7.1", List.of("etcd", "--name", "s1"), levels::add),
        v2);
  }

  private AuthRequests auth() {
    TreeView nobody = TreeStore.open(new MemoryEngine(List.of(TreeStore.TABLE))).view();
    AuthWriter writer = new AuthWriter(this::propose);
    return new AuthRequests(
        (caller, access) -> CompletableFuture.completedFuture(permitted),
        new ManageUsers(Authorisation.OFF, () -> nobody, () -> barrier, writer, passwords),
        new ManageRoles(Authorisation.OFF, () -> nobody, () -> barrier, writer),
        new SwitchAuth(Authorisation.OFF, () -> nobody, () -> barrier, writer),
        new V2Door(v3::state, () -> nobody, v2Anonymous));
  }

  private CompletableFuture<Applied> propose(Command command) {
    proposed.add(command);
    return proposals.apply(command);
  }

  private Membership membership() {
    return new Membership(CLUSTER, ID, new TreeMap<>(members), Set.of(), clusterVersion);
  }

  static CompletableFuture<Applied> answered(Outcome outcome) {
    return CompletableFuture.completedFuture(new Applied(outcome, 12, 2));
  }

  static CompletableFuture<Applied> refused(Refusal refusal) {
    return answered(new Outcome.Refused(refusal));
  }

  HttpReply get(String target) {
    return send(HttpCall.of("GET", target));
  }

  HttpReply call(String method, String target) {
    return send(HttpCall.of(method, target));
  }

  HttpReply form(String method, String target, String body) {
    return body(method, target, "application/x-www-form-urlencoded", body);
  }

  HttpReply body(String method, String target, String type, String body) {
    var headers = new ArrayList<Header>();
    if (!type.isEmpty()) {
      headers.add(new Header("Content-Type", type));
    }
    return send(new HttpCall(method, target, headers, Optional.of(body)));
  }

  HttpReply send(HttpCall call) {
    try {
      return HttpStream.exchange(address, call, PATIENCE);
    } catch (IOException e) {
      throw new AssertionError(call.toString(), e);
    }
  }

  HttpStream open(String target) {
    try {
      return HttpStream.open(address, HttpCall.of("GET", target), PATIENCE);
    } catch (IOException e) {
      throw new AssertionError(target, e);
    }
  }

  @Override
  public void close() {
    passwords.stop();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private final class TestClock implements Clock {
    @Override
    public long unixNanos() {
      return now;
    }

    @Override
    public long monotonicNanos() {
      return now;
    }
  }

  private final class TestFacts implements ConsensusFacts {
    @Override
    public MemberId leader() {
      return leader;
    }

    @Override
    public Role role() {
      return role;
    }

    @Override
    public long term() {
      return 2;
    }

    @Override
    public long appliedIndex() {
      return 11;
    }

    @Override
    public long committedIndex() {
      return 11;
    }
  }

  /** Timers that ring when a test says so. */
  private final class TestTimers implements Timers {
    @Override
    public Cancellable every(Duration period, Runnable action) {
      throw new IllegalStateException("no period expected");
    }

    @Override
    public Cancellable after(Duration delay, Runnable action) {
      alarms.add(action);
      return () -> alarms.remove(action);
    }
  }
}
