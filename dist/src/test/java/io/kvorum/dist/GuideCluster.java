// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.Member;
import io.kvorum.harness.process.Signal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The daemons on the three hosts, configured in one of the guide's two ways. */
final class GuideCluster implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(60);
  private static final String READY_PHRASE = "ready to serve client requests";

  private final String token;
  private final Map<GuideHost, Member> members = new LinkedHashMap<>();

  private GuideCluster(String token) {
    this.token = token;
  }

  /** Section 1: the service unit's environment file, default token, no flag. */
  static GuideCluster byConfigurationFile(GuideStage stage, Distribution distribution) {
    GuideCluster cluster = new GuideCluster("etcd-cluster");
    for (GuideHost host : stage.hosts()) {
      String file =
          """
          ETCD_NAME=%s
          ETCD_DATA_DIR="%s/etcd/default.etcd"
          ETCD_LISTEN_PEER_URLS="%s"
          ETCD_LISTEN_CLIENT_URLS="%s"
          ETCD_INITIAL_ADVERTISE_PEER_URLS="%s"
          ETCD_INITIAL_CLUSTER="%s"
          ETCD_INITIAL_CLUSTER_STATE="new"
          ETCD_INITIAL_CLUSTER_TOKEN="etcd-cluster"
          ETCD_ADVERTISE_CLIENT_URLS="%s"
          """
              .formatted(
                  host.name(),
                  host.varLib(),
                  host.peerUrl(),
                  everyAddress(host),
                  host.peerUrl(),
                  initialCluster(stage),
                  host.clientUrl());
      cluster.add(host, distribution, List.of(), environment(file));
    }
    cluster.start();
    return cluster;
  }

  /** On a host with one address for all, both of its own; otherwise as the guide says. */
  private static String everyAddress(GuideHost host) {
    return host.local().equals("127.0.0.1")
        ? "http://0.0.0.0:" + host.ports().client()
        : host.clientUrl() + "," + host.localUrl();
  }

  /** As a service manager reads an environment file. */
  private static Map<String, String> environment(String file) {
    Map<String, String> variables = new HashMap<>();
    file.lines()
        .map(line -> line.split("=", 2))
        .forEach(pair -> variables.put(pair[0], pair[1].replace("\"", "")));
    return variables;
  }

  /** Section 2: flags with single dashes, token {@code mytoken}. */
  static GuideCluster byCommandLine(GuideStage stage, Distribution distribution) {
    GuideCluster cluster = new GuideCluster("mytoken");
    for (GuideHost host : stage.hosts()) {
      List<String> flags =
          List.of(
              "-name", host.name(),
              "-initial-advertise-peer-urls", host.peerUrl(),
              "-listen-peer-urls", host.peerUrl(),
              "-listen-client-urls", host.clientUrl() + "," + host.localUrl(),
              "-advertise-client-urls", host.clientUrl(),
              "-initial-cluster-token", "mytoken",
              "-initial-cluster", initialCluster(stage),
              "-initial-cluster-state", "new");
      cluster.add(host, distribution, flags, Map.of());
    }
    cluster.start();
    return cluster;
  }

  private static String initialCluster(GuideStage stage) {
    return stage.hosts().stream()
        .map(host -> host.name() + "=" + host.peerUrl())
        .collect(Collectors.joining(","));
  }

  private void add(
      GuideHost host,
      Distribution distribution,
      List<String> flags,
      Map<String, String> environment) {
    List<String> command = new ArrayList<>(host.server());
    command.add(distribution.etcd().toString());
    command.addAll(distribution.etcdArguments());
    command.addAll(flags);
    InetSocketAddress client =
        InetSocketAddress.createUnresolved(host.address(), host.ports().client());
    members.put(
        host, new Member(host.name(), command, environment, host.commands().folder(), client));
  }

  private void start() {
    try {
      members.values().forEach(Member::start);
      members.values().forEach(member -> member.awaitLog(READY_PHRASE, READY));
    } catch (RuntimeException | AssertionError e) {
      close();
      throw e;
    }
  }

  /** The token its ids come from. */
  String token() {
    return token;
  }

  /** {@code kill PID}; the status as a shell shows it. */
  int kill(GuideHost host) {
    return member(host).stop(Signal.TERM);
  }

  /** Starts a daemon again, with the same command. */
  void startAgain(GuideHost host) {
    member(host).start();
    member(host).awaitLog(READY_PHRASE, READY);
  }

  /** How its daemons are, for the message of a test that failed. */
  String story() {
    return members.values().stream().map(Member::story).collect(Collectors.joining("\n"));
  }

  private Member member(GuideHost host) {
    Member member = members.get(host);
    if (member == null) {
      throw new IllegalArgumentException("no daemon on " + host.name());
    }
    return member;
  }

  @Override
  public void close() {
    members.values().forEach(Member::close);
  }
}
