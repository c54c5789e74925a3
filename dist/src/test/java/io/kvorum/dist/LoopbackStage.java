// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Distribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Three hosts played by loopback addresses, two for each: one for the others, and one in the place
 * of 127.0.0.1, which the client is told by its environment.
 */
final class LoopbackStage implements GuideStage {
  private final List<GuideHost> hosts;

  LoopbackStage(Distribution distribution, Path folder) {
    GuidePorts ports = freePorts();
    List<GuideHost> made = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      String name = "master" + i;
      String local = "127.91.0." + i;
      Map<String, String> environment = new HashMap<>(distribution.etcdctlEnvironment());
      environment.put(
          "ETCDCTL_ENDPOINTS",
          "http://%s:%d,http://%s:%d".formatted(local, ports.client(), local, ports.old()));
      Path home = folder.resolve(name);
      Path varLib = home.resolve("var-lib");
      try {
        Files.createDirectories(varLib.resolve("etcd"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      made.add(
          new GuideHost(
              name,
              "127.91.0." + i + "0",
              local,
              ports,
              List.of(),
              new Commands(List.of(), environment, home),
              distribution.etcdctl(),
              varLib,
              varLib.toString()));
    }
    hosts = List.copyOf(made);
  }

  /** Ports that nobody uses on any address; other programs could still take them, but rarely do. */
  private static GuidePorts freePorts() {
    try (ServerSocket one = new ServerSocket();
        ServerSocket two = new ServerSocket();
        ServerSocket three = new ServerSocket()) {
      for (ServerSocket socket : List.of(one, two, three)) {
        socket.bind(new InetSocketAddress("0.0.0.0", 0));
      }
      return new GuidePorts(one.getLocalPort(), two.getLocalPort(), three.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<GuideHost> hosts() {
    return hosts;
  }

  @Override
  public OptionalLong connectionsOpened(GuideHost host) {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong packetsSent(GuideHost host) {
    return OptionalLong.empty();
  }

  @Override
  public void close() {}
}
