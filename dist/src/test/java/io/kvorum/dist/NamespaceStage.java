// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.ProcessFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Three hosts played by network namespaces with the guide's own addresses, joined by a bridge in a
 * fourth one. Each has its own loopback device, its own {@code /etc/hosts} and its own {@code
 * /var/lib}, so that the guide's files and commands can be used as they are. Needs root.
 */
final class NamespaceStage implements GuideStage {
  private static final GuidePorts PORTS = new GuidePorts(2379, 4001, 2380);
  private static final Path PER_NAMESPACE_FILES = Path.of("/etc/netns");

  private final Commands root;
  private final String prefix = "kvorum" + ProcessHandle.current().pid();
  private final List<GuideHost> hosts = new ArrayList<>();

  private NamespaceStage(Path folder) {
    root = new Commands(List.of(), Map.of(), folder);
  }

  /** Why this machine does not let us make namespaces; empty when it does. */
  static Optional<String> refusal(Path folder) {
    Commands root = new Commands(List.of(), Map.of(), folder);
    String name = "kvorumtry" + ProcessHandle.current().pid();
    try {
      CommandResult added = root.run("ip", "netns", "add", name);
      CommandResult entered = root.run("ip", "netns", "exec", name, "true");
      root.run("ip", "netns", "del", name);
      return added.exit() == 0 && entered.exit() == 0
          ? Optional.empty()
          : Optional.of(added.output() + entered.output());
    } catch (ProcessFailure e) {
      return Optional.of(e.toString());
    }
  }

  static NamespaceStage open(Distribution distribution, Path folder) {
    NamespaceStage stage = new NamespaceStage(folder);
    try {
      stage.build(distribution, folder);
      return stage;
    } catch (RuntimeException | IOException e) {
      stage.close();
      throw new ProcessFailure("cannot build the three hosts", e);
    }
  }

  private void build(Distribution distribution, Path folder) throws IOException {
    String bridge = prefix + "-switch";
    ip("netns add " + bridge);
    ip("-n " + bridge + " link add br0 type bridge");
    ip("-n " + bridge + " link set br0 up");
    for (int i = 1; i <= 3; i++) {
      String name = "master" + i;
      String namespace = prefix + "-" + name;
      String address = "192.168.0." + i + "0";
      ip("netns add " + namespace);
      ip("-n %s link add eth0 type veth peer name port%d netns %s".formatted(namespace, i, bridge));
      ip("-n %s link set port%d master br0 up".formatted(bridge, i));
      ip("-n %s addr add %s/24 dev eth0".formatted(namespace, address));
      ip("-n %s link set eth0 up".formatted(namespace));
      ip("-n %s link set lo up".formatted(namespace));
      Path etc = Files.createDirectories(PER_NAMESPACE_FILES.resolve(namespace));
      Files.writeString(
          etc.resolve("hosts"),
          """
          127.0.0.1 localhost
          192.168.0.10 master1
          192.168.0.20 master2
          192.168.0.30 master3
          """);
      hosts.add(host(distribution, folder, name, namespace, address));
    }
  }

  private static GuideHost host(
      Distribution distribution, Path folder, String name, String namespace, String address)
      throws IOException {
    Path home = folder.resolve(name);
    Path varLib = home.resolve("var-lib");
    Files.createDirectories(varLib.resolve("etcd"));
    List<String> enter = List.of("ip", "netns", "exec", namespace);
    List<String> server = new ArrayList<>(enter);
    // a mount of its own, seen by nobody else: `ip netns exec` has unshared the mounts
    server.addAll(
        List.of("sh", "-c", "mount --bind " + varLib + " /var/lib && exec \"$0\" \"$@\""));
    return new GuideHost(
        name,
        address,
        "127.0.0.1",
        PORTS,
        server,
        new Commands(enter, distribution.etcdctlEnvironment(), home),
        distribution.etcdctl(),
        varLib,
        "/var/lib");
  }

  private void ip(String arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments.split(" ", -1)));
    CommandResult result = root.run(command.toArray(String[]::new));
    if (result.exit() != 0) {
      throw new ProcessFailure(command + ": " + result.output());
    }
  }

  @Override
  public List<GuideHost> hosts() {
    return List.copyOf(hosts);
  }

  @Override
  public OptionalLong connectionsOpened(GuideHost host) {
    List<String> tcp =
        host.commands()
            .run("cat", "/proc/net/snmp")
            .stdout()
            .lines()
            .filter(line -> line.startsWith("Tcp: "))
            .toList();
    int column = List.of(tcp.get(0).split(" ", -1)).indexOf("ActiveOpens");
    return OptionalLong.of(Long.parseLong(tcp.get(1).split(" ", -1)[column]));
  }

  @Override
  public OptionalLong packetsSent(GuideHost host) {
    String count = host.commands().run("cat", "/sys/class/net/eth0/statistics/tx_packets").stdout();
    return OptionalLong.of(Long.parseLong(count.strip()));
  }

  @Override
  public void close() {
    for (String name : List.of("master1", "master2", "master3", "switch")) {
      String namespace = prefix + "-" + name;
      root.run("ip", "netns", "del", namespace);
      try {
        Files.deleteIfExists(PER_NAMESPACE_FILES.resolve(namespace).resolve("hosts"));
        Files.deleteIfExists(PER_NAMESPACE_FILES.resolve(namespace));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
