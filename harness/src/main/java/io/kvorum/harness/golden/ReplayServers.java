// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.Member;
import io.kvorum.harness.process.ProcessFailure;
import io.kvorum.harness.process.Program;
import io.kvorum.harness.process.Signal;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The servers of one replay. Members of one cluster are started together: the wait for readiness
 * comes with the first step that is not a start.
 */
final class ReplayServers implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration LEADERLESS = Duration.ofSeconds(10);
  private static final int MOVES_MAX = 30;

  private record Server(Member member, InetSocketAddress peer) {}

  private final Distribution distribution;
  private final Path folder;
  private final Map<String, Server> servers = new LinkedHashMap<>();
  private final List<Member> starting = new ArrayList<>();
  private final Set<String> down = new HashSet<>();

  /** Servers beside the cluster that a recording is about; they have nobody to agree with. */
  private final Set<String> apart = new HashSet<>();

  ReplayServers(Distribution distribution, Path folder) {
    this.distribution = distribution;
    this.folder = folder;
  }

  void start(Step.StartServer step) {
    List<String> command = new ArrayList<>(step.argv());
    command.set(0, distribution.etcd().toString());
    command.addAll(1, distribution.etcdArguments());
    InetSocketAddress client = AddressPlan.address(valueOf(step.argv(), "--listen-client-urls"));
    InetSocketAddress peer = AddressPlan.address(valueOf(step.argv(), "--listen-peer-urls"));
    Server previous = servers.get(step.name());
    if (previous == null && !servers.isEmpty() && foundsCluster(step.argv())) {
      apart.add(step.name());
    }
    Member member =
        previous == null
            ? new Member(step.name(), command, Map.of(), folder, client)
            : previous.member();
    servers.put(step.name(), new Server(member, peer));
    down.remove(step.name());
    member.start();
    starting.add(member);
  }

  /** Whether a server is started as a cluster of its own. */
  private static boolean foundsCluster(List<String> argv) {
    return valueOf(argv, "--initial-cluster-state").equals("new")
        && valueOf(argv, "--initial-cluster").indexOf(',') < 0;
  }

  private static String valueOf(List<String> argv, String flag) {
    return argv.get(argv.indexOf(flag) + 1);
  }

  /** Waits until all members just started are ready. */
  void settle() {
    starting.forEach(member -> member.awaitReady(READY));
    starting.clear();
  }

  /** How a server that did not want to start ended, and the first error it told of. */
  record Refusal(int exit, String text) {}

  Refusal awaitRefusalOfLast() {
    Member last = starting.remove(starting.size() - 1);
    int exit =
        last.awaitExit(READY)
            .orElseThrow(() -> new ProcessFailure(last.name() + " was to be refused, but runs"));
    down.add(last.name());
    return new Refusal(exit, firstError(last.log()));
  }

  private static String firstError(String log) {
    return log.lines()
        .filter(line -> line.startsWith("{"))
        .map(Json::parse)
        .filter(line -> line.string("level").orElse("").equals("error"))
        .findFirst()
        .flatMap(line -> line.string("msg"))
        .orElse(log);
  }

  /** Waits until one server has ended by itself; its exit status. */
  int awaitEnd() {
    starting.clear();
    Await.require("a server ends by itself", READY, () -> ended().isPresent());
    Member member = ended().orElseThrow();
    down.add(member.name());
    return member.awaitExit(READY).orElseThrow();
  }

  private Optional<Member> ended() {
    return servers.values().stream()
        .map(Server::member)
        .filter(member -> !member.isAlive() && !down.contains(member.name()))
        .findFirst();
  }

  // --- leadership ---

  /**
   * Waits until the running members agree on who leads, or, when they are too few, that nobody
   * does; then has {@code wanted} lead.
   */
  void agree(Optional<String> wanted) {
    List<Member> alive = alive().stream().filter(member -> !apart.contains(member.name())).toList();
    if (alive.isEmpty()) {
      return;
    }
    if (alive.size() < quorum(alive.get(0))) {
      // an etcd without check-quorum stays the leader for ever: then this just takes its time
      Await.until(LEADERLESS, () -> alive.stream().allMatch(member -> leaderAt(member).isEmpty()));
      return;
    }
    String leader = awaitLeader(alive, "");
    if (wanted.isPresent() && servers.containsKey(wanted.get())) {
      for (int i = 0; i < MOVES_MAX && !leader.equals(wanted.get()); i++) {
        leader = moveFrom(leader, alive);
      }
      if (!leader.equals(wanted.get())) {
        throw new ProcessFailure("%s does not become the leader".formatted(wanted.get()));
      }
    }
  }

  /** Stops a leader's process for as long as the others need for an election. */
  private String moveFrom(String leader, List<Member> alive) {
    List<Member> others = alive.stream().filter(member -> !member.name().equals(leader)).toList();
    signal(leader, Signal.STOP);
    try {
      awaitLeader(others, leader);
    } finally {
      signal(leader, Signal.CONT);
    }
    return awaitLeader(alive, "");
  }

  private static String awaitLeader(List<Member> members, String notThis) {
    Set<Optional<String>> told = new HashSet<>();
    Await.require(
        "members agree on a leader",
        READY,
        () -> {
          told.clear();
          members.forEach(member -> told.add(leaderAt(member)));
          return told.size() == 1
              && told.stream().allMatch(one -> one.filter(n -> !n.equals(notThis)).isPresent());
        });
    return told.iterator().next().orElseThrow();
  }

  private static Optional<String> leaderAt(Member member) {
    return member
        .get("/v2/members/leader")
        .filter(reply -> reply.status() == 200)
        .flatMap(reply -> Json.parse(reply.body()).string("name"));
  }

  private static int quorum(Member member) {
    return member
        .get("/v2/members")
        .map(reply -> Json.parse(reply.body()).items("members").size() / 2 + 1)
        .orElse(1);
  }

  private List<Member> alive() {
    return servers.values().stream().map(Server::member).filter(Member::isAlive).toList();
  }

  InetSocketAddress address(Step.Target target) {
    Server server = server(target.member().orElseGet(() -> servers.keySet().iterator().next()));
    return target.peerPort() ? server.peer() : server.member().client();
  }

  int stop(String name, Signal signal) {
    down.add(name);
    return server(name).member().stop(signal);
  }

  void signal(String name, Signal signal) {
    server(name).member().signal(signal);
  }

  private Server server(String name) {
    Server server = servers.get(name);
    if (server == null) {
      throw new IllegalStateException("never started: " + name);
    }
    return server;
  }

  /** How many watchers all running servers have. */
  long watchers() {
    return servers.values().stream()
        .map(Server::member)
        .filter(Member::isAlive)
        .flatMap(member -> member.get("/v2/stats/store").stream())
        .map(HttpReply::body)
        .mapToLong(body -> Json.parse(body).number("watchers").orElse(0L))
        .sum();
  }

  /**
   * Waits until a v3 command has its watch. No server tells that, so it is given the time that the
   * recording gave it, or less when it ends.
   */
  void awaitV3Connection(Program program, Duration time) {
    Await.until(time, () -> !program.isAlive());
  }

  @Override
  public void close() {
    servers.values().forEach(server -> server.member().close());
  }
}
