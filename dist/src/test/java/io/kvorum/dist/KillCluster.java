// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.Member;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Three members on loopback addresses that clients' own ports cannot collide with. */
final class KillCluster implements AutoCloseable {
  private final List<Member> members = new ArrayList<>();

  KillCluster(Distribution distribution, Path folder) {
    this(distribution, folder, List.of());
  }

  /** With more flags for each member. */
  KillCluster(Distribution distribution, Path folder, List<String> flags) {
    int clientPort = FreePort.find();
    int peerPort = FreePort.find();
    String initial = "";
    for (int i = 1; i <= 3; i++) {
      initial += "%sm%d=%s".formatted(i == 1 ? "" : ",", i, url(i, peerPort));
    }
    for (int i = 1; i <= 3; i++) {
      List<String> command = new ArrayList<>(List.of(distribution.etcd().toString()));
      command.addAll(distribution.etcdArguments());
      command.addAll(
          List.of(
              "--name", "m" + i,
              "--data-dir", "m" + i + ".etcd",
              "--listen-client-urls", url(i, clientPort),
              "--advertise-client-urls", url(i, clientPort),
              "--listen-peer-urls", url(i, peerPort),
              "--initial-advertise-peer-urls", url(i, peerPort),
              "--initial-cluster", initial));
      command.addAll(flags);
      InetSocketAddress client = new InetSocketAddress("127.92.0." + i, clientPort);
      members.add(new Member("m" + i, command, Map.of(), folder, client));
    }
  }

  private static String url(int i, int port) {
    return "http://127.92.0.%d:%d".formatted(i, port);
  }

  List<Member> members() {
    return List.copyOf(members);
  }

  /** How its members are, for the message of a test that failed. */
  String story() {
    return members.stream().map(Member::story).collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    members.forEach(Member::close);
  }
}
