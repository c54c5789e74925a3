// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.ProcessFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Hosts played by network namespaces on a bridge in one of its own, which this machine reaches over
 * one link; and what can go wrong between them. Faults only hit what members say to each other: the
 * clients' link stays whole. Needs root. Where hosts can not be made they are loopback addresses,
 * and nothing goes wrong between them. Used by one thread.
 */
final class FaultNetwork implements AutoCloseable {
  private final Commands root;
  private final int hosts;
  private final String prefix = "kvf" + ProcessHandle.current().pid() % 100_000;
  private final String net;
  private final boolean real;
  private final boolean emulates;

  private FaultNetwork(Path folder, int hosts, boolean real) {
    this.real = real;
    root = new Commands(List.of(), Map.of(), folder);
    this.hosts = hosts;
    long pid = ProcessHandle.current().pid();
    net =
        real
            ? "10.%d.%d.".formatted(200 + pid / 200 % 50, pid % 200)
            : "127.94.%d.".formatted(pid % 200);
    if (!real) {
      emulates = false;
      return;
    }
    build();
    emulates = run(namespace(1), "tc qdisc add dev eth0 root netem delay 0ms").exit() == 0;
    run(namespace(1), "tc qdisc del dev eth0 root");
  }

  static FaultNetwork open(Path folder, int hosts) {
    return new FaultNetwork(folder, hosts, true);
  }

  static FaultNetwork loopback(Path folder, int hosts) {
    return new FaultNetwork(folder, hosts, false);
  }

  /** Whether there are hosts, between which something can go wrong. */
  boolean isReal() {
    return real;
  }

  /** Put before a command to run it on a host. */
  List<String> enter(int host) {
    return real ? List.of("ip", "netns", "exec", namespace(host)) : List.of();
  }

  private void build() {
    try {
      String bridge = prefix + "-switch";
      must("ip netns add " + bridge);
      must("ip -n " + bridge + " link add br0 type bridge");
      must("ip -n " + bridge + " link set br0 up");
      for (int i = 1; i <= hosts; i++) {
        must("ip netns add " + namespace(i));
        must(
            "ip -n %s link add eth0 type veth peer name port%d netns %s"
                .formatted(namespace(i), i, bridge));
        must("ip -n %s addr add %s/24 dev eth0".formatted(namespace(i), address(i)));
        must("ip -n %s link set eth0 up".formatted(namespace(i)));
        must("ip -n %s link set lo up".formatted(namespace(i)));
        plug(bridge, i);
      }
      must("ip link add %s type veth peer name port0 netns %s".formatted(prefix, bridge));
      must("ip addr add %s254/24 dev %s".formatted(net, prefix));
      must("ip link set " + prefix + " up");
      plug(bridge, 0);
    } catch (ProcessFailure e) {
      close();
      throw e;
    }
  }

  private void plug(String bridge, int port) {
    must("ip -n %s link set port%d master br0 up".formatted(bridge, port));
  }

  String address(int host) {
    return net + host;
  }

  private String namespace(int host) {
    return prefix + "-m" + host;
  }

  /** Whether this kernel can delay, lose and repeat packets (netem); else see {@link #slow}. */
  boolean emulates() {
    return emulates;
  }

  // --- what goes wrong ---

  /** What one host says does not reach the other; the way back stays open. */
  void cut(int from, int to) {
    rule(to, "ip saddr " + address(from) + " drop");
  }

  /** Nobody reaches the host, and it reaches nobody. */
  void isolate(int host) {
    others(host)
        .forEach(
            other -> {
              cut(host, other);
              cut(other, host);
            });
  }

  /** So many of a hundred packets from the others get lost on their way to the host. */
  void lose(int host, int ofHundred) {
    others(host)
        .forEach(
            other ->
                rule(
                    host,
                    "ip saddr %s numgen random mod 100 < %d drop"
                        .formatted(address(other), ofHundred)));
  }

  /** What the first host sends to the second arrives twice. */
  void repeat(int from, int to) {
    String rules =
        """
        table netdev repeat {
          chain incoming {
            type filter hook ingress device port%d priority 0;
            ip daddr %s dup to "port%d"
          }
        }
        """
            .formatted(from, address(to), to);
    nft(prefix + "-switch", rules);
  }

  /**
   * What the host sends takes long: by netem with its loss and reorder where the kernel has it,
   * else by a narrow link whose queue makes packets late and overflows.
   */
  void slow(int host) {
    must(
        namespace(host),
        emulates
            ? "tc qdisc add dev eth0 root netem delay 80ms 60ms loss 3% duplicate 3%"
            : "tc qdisc add dev eth0 root tbf rate 400kbit burst 4kb latency 400ms");
  }

  /** Everything is well again. */
  void heal() {
    if (!real) {
      return;
    }
    for (int i = 1; i <= hosts; i++) {
      run(namespace(i), "nft delete table inet faults");
      run(namespace(i), "tc qdisc del dev eth0 root");
    }
    run(prefix + "-switch", "nft delete table netdev repeat");
  }

  private IntStream others(int host) {
    return IntStream.rangeClosed(1, hosts).filter(other -> other != host);
  }

  private void rule(int host, String rule) {
    String rules =
        """
        table inet faults {
          chain incoming {
            type filter hook input priority 0;
            %s
          }
        }
        """
            .formatted(rule);
    nft(namespace(host), rules);
  }

  private void nft(String namespace, String rules) {
    List<String> command = List.of("ip", "netns", "exec", namespace, "nft", "-f", "-");
    CommandResult result = root.run(command, Map.of(), rules, Duration.ofSeconds(30));
    if (result.exit() != 0) {
      throw new ProcessFailure(rules + result.output());
    }
  }

  private CommandResult run(String namespace, String command) {
    return root.run(("ip netns exec " + namespace + " " + command).split(" ", -1));
  }

  private void must(String namespace, String command) {
    must("ip netns exec " + namespace + " " + command);
  }

  private void must(String command) {
    CommandResult result = root.run(command.split(" ", -1));
    if (result.exit() != 0) {
      throw new ProcessFailure(command + ": " + result.output());
    }
  }

  @Override
  public void close() {
    if (!real) {
      return;
    }
    root.run("ip", "link", "del", prefix);
    for (int i = 1; i <= hosts; i++) {
      root.run("ip", "netns", "del", namespace(i));
    }
    root.run("ip", "netns", "del", prefix + "-switch");
  }
}
