// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.Member;
import io.kvorum.harness.process.ProcessFailure;
import io.kvorum.harness.process.Signal;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The servers of one replay. Members of one cluster are started together: the wait for readiness
 * comes with the first step that is not a start.
 */
final class ReplayServers implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(60);

  private record Server(Member member, InetSocketAddress peer) {}

  private final Distribution distribution;
  private final Path folder;
  private final Map<String, Server> servers = new LinkedHashMap<>();
  private final List<Member> starting = new ArrayList<>();

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
    Member member =
        previous == null
            ? new Member(step.name(), command, Map.of(), folder, client)
            : previous.member();
    servers.put(step.name(), new Server(member, peer));
    member.start();
    starting.add(member);
  }

  private static String valueOf(List<String> argv, String flag) {
    return argv.get(argv.indexOf(flag) + 1);
  }

  /** Waits until all members just started are ready. */
  void settle() {
    starting.forEach(member -> member.awaitReady(READY));
    starting.clear();
  }

  int awaitExitOfLast() {
    Member last = starting.remove(starting.size() - 1);
    return last.awaitExit(READY)
        .orElseThrow(() -> new ProcessFailure(last.name() + " was to be refused, but runs"));
  }

  InetSocketAddress address(Step.Target target) {
    Server server = server(target.member().orElseGet(() -> servers.keySet().iterator().next()));
    return target.peerPort() ? server.peer() : server.member().client();
  }

  int stop(String name, Signal signal) {
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

  @Override
  public void close() {
    servers.values().forEach(server -> server.member().close());
  }
}
