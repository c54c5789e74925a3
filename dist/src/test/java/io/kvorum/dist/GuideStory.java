// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.CommandResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the operator of the guide types, and what must appear on the screen (stdout and stderr
 * together). Each method is one chapter; it leaves all three daemons running.
 */
final class GuideStory {
  private static final Duration SETTLED = Duration.ofSeconds(20);
  private static final Pattern NOT_FOUND =
      Pattern.compile("Error: {2}100: Key not found \\(/os\\) \\[(\\d+)\\]\n");
  private static final String UNAVAILABLE =
      "client: etcd cluster is unavailable or misconfigured\n";

  private final List<GuideHost> hosts;
  private final GuideStage stage;
  private final GuideCluster cluster;

  GuideStory(GuideStage stage, GuideCluster cluster) {
    this.stage = stage;
    this.hosts = stage.hosts();
    this.cluster = cluster;
  }

  /** Version, set, get, rm, get, member list. */
  void firstSteps() {
    hosts.forEach(host -> expect(host, 0, "etcdctl version 2.3.7\n", "--version"));
    expect(hosts.get(0), 0, "linux\n", "set", "os", "linux");
    hosts.forEach(host -> expect(host, 0, "linux\n", "get", "os"));
    expect(hosts.get(2), 0, "PrevNode.Value: linux\n", "rm", "os");
    Set<String> indexes = new HashSet<>();
    for (GuideHost host : hosts) {
      CommandResult missing = host.etcdctl("get", "os");
      Matcher matcher = NOT_FOUND.matcher(missing.output());
      assertTrue(matcher.matches(), missing.output());
      assertEquals(4, missing.exit());
      indexes.add(matcher.group(1));
    }
    assertEquals(1, indexes.size(), "the index is the same on all three: " + indexes);
    for (GuideHost host : hosts) {
      assertEquals(memberList(leader(hosts)), host.etcdctl("member", "list").output());
    }
  }

  /** The leader ends, the others agree on a new one; that one ends too, and one is left. */
  void leadersGo() {
    GuideHost first = leader(hosts);
    assertEquals(143, cluster.kill(first));
    List<GuideHost> two = without(hosts, first);
    long killed = System.nanoTime();
    GuideHost second = leader(two);
    System.out.printf(
        "guide: a new leader was shown %d ms after the old one had ended%n",
        (System.nanoTime() - killed) / 1_000_000);
    for (GuideHost host : two) {
      expect(host, 0, memberList(second), "member", "list");
    }
    assertEquals(143, cluster.kill(second));
    GuideHost survivor = without(two, second).get(0);
    awaitNoLeader(survivor);
    expect(survivor, 1, "Failed to get leader:  " + UNAVAILABLE, "member", "list");
    for (GuideHost gone : List.of(first, second)) {
      expectInAnyOrder(
          gone,
          2,
          "Error:  "
              + UNAVAILABLE
              + "error #: dial tcp %s:%d: getsockopt: connection refused\n"
                  .formatted(gone.local(), gone.ports().client())
              + "error #: dial tcp %s:%d: getsockopt: connection refused\n\n"
                  .formatted(gone.local(), gone.ports().old()),
          "member",
          "list");
    }
    cluster.startAgain(first);
    cluster.startAgain(second);
    expect(survivor, 0, memberList(leader(hosts)), "member", "list");
  }

  /** Health with all members up, with two, with one; what works then and what does not. */
  void oneThenTwoMembersDown() {
    GuideHost master1 = hosts.get(0);
    GuideHost master2 = hosts.get(1);
    GuideHost master3 = hosts.get(2);
    expect(master1, 0, "linux\n", "set", "os", "linux");
    expect(master1, 0, health(hosts, List.of()) + "cluster is healthy\n", "cluster-health");

    cluster.kill(master3);
    leader(List.of(master1, master2));
    expect(
        master1,
        0,
        health(List.of(master1, master2), List.of(master3)) + "cluster is healthy\n",
        "cluster-health");
    expect(master1, 0, "GT-R\n", "set", "car", "GT-R");

    cluster.kill(master2);
    awaitNoLeader(master1);
    expect(
        master1,
        5,
        health(List.of(), List.of(master2, master3)) + "cluster is unhealthy\n",
        "cluster-health");
    expectInAnyOrder(
        master1,
        4,
        "Error:  "
            + UNAVAILABLE
            + "error #: client: endpoint %s exceeded header timeout\n"
                .formatted(master1.clientUrl())
            + refused(master2)
            + refused(master3)
            + "\n",
        "set",
        "month",
        "Nov");
    assertEquals(Set.of("/os", "/car"), listing(master1));

    cluster.startAgain(master2);
    leader(List.of(master1, master2));
    expect(master1, 0, "Nov\n", "set", "month", "Nov");
    assertEquals(Set.of("/month", "/os", "/car"), listing(master1));
    cluster.startAgain(master3);
  }

  /** A command is a short conversation; the members talk all the time. */
  void traffic() {
    GuideHost master1 = hosts.get(0);
    if (stage.connectionsOpened(master1).isEmpty()) {
      return; // other programs share these addresses
    }
    long before = stage.connectionsOpened(master1).orElseThrow();
    expect(master1, 0, memberList(leader(hosts)), "member", "list");
    long opened = stage.connectionsOpened(master1).orElseThrow() - before;
    assertTrue(opened >= 1 && opened <= 50, "connections of a few commands: " + opened);
    for (GuideHost host : hosts) {
      long sent = stage.packetsSent(host).orElseThrow();
      Await.require(
          host.name() + " talks to the others while nothing is asked",
          Duration.ofSeconds(5),
          () -> stage.packetsSent(host).orElseThrow() > sent + 10);
    }
  }

  private static void expect(GuideHost host, int exit, String output, String... arguments) {
    CommandResult result = host.etcdctl(arguments);
    String typed = host.name() + "$ etcdctl " + String.join(" ", arguments);
    assertEquals(typed + "\n" + output, typed + "\n" + result.output());
    assertEquals(exit, result.exit(), typed);
  }

  /** As {@link #expect}, with the {@code error #N} lines, written without number, in any order. */
  private static void expectInAnyOrder(
      GuideHost host, int exit, String output, String... arguments) {
    CommandResult result = host.etcdctl(arguments);
    List<String> lines = new ArrayList<>();
    int errors = 0;
    for (String line : result.output().split("\n", -1)) {
      boolean numbered = line.startsWith("error #" + errors + ": ");
      lines.add(numbered ? line.replace("error #" + errors, "error #") : line);
      errors += numbered ? 1 : 0;
    }
    List<String> expected = new ArrayList<>(List.of(output.split("\n", -1)));
    lines.sort(Comparator.naturalOrder());
    expected.sort(Comparator.naturalOrder());
    assertEquals(expected, lines, result.output());
    assertTrue(result.output().startsWith("Error:  "), result.output());
    assertEquals(exit, result.exit());
  }

  /** The leader that all these hosts show, once they agree. */
  private GuideHost leader(List<GuideHost> asked) {
    List<GuideHost> agreed = new ArrayList<>();
    Await.require(
        "all of %s show the same leader".formatted(asked.stream().map(GuideHost::name).toList()),
        SETTLED,
        () -> {
          agreed.clear();
          for (GuideHost host : asked) {
            String list = host.etcdctl("member", "list").output();
            asked.stream().filter(h -> list.equals(memberList(h))).forEach(agreed::add);
          }
          return agreed.size() == asked.size() && agreed.stream().distinct().count() == 1;
        });
    return agreed.get(0);
  }

  private static void awaitNoLeader(GuideHost host) {
    Await.require(
        host.name() + " knows that nobody leads",
        SETTLED,
        () -> host.etcdctl("member", "list").exit() != 0);
  }

  private String memberList(GuideHost leader) {
    return inIdOrder(hosts).stream()
        .map(
            host ->
                "%s: name=%s peerURLs=%s clientURLs=%s isLeader=%s\n"
                    .formatted(
                        id(host),
                        host.name(),
                        host.peerUrl(),
                        host.clientUrl(),
                        host.equals(leader)))
        .collect(Collectors.joining());
  }

  /** The members' lines of {@code cluster-health}; whoever is neither up nor down has no quorum. */
  private String health(List<GuideHost> up, List<GuideHost> down) {
    StringBuilder lines = new StringBuilder();
    for (GuideHost host : inIdOrder(hosts)) {
      String id = id(host);
      String url = host.clientUrl();
      if (down.contains(host)) {
        lines.append(
            """
            failed to check the health of member %s on %s: Get %s/health: dial tcp %s: getsockopt: connection refused
            member %s is unreachable: [%s] are all unreachable
            """
                .formatted(id, url, url, host.clientPort(), id, url));
      } else {
        String verdict = up.contains(host) ? "healthy" : "unhealthy";
        lines.append(
            "member %s is %s: got %s result from %s\n".formatted(id, verdict, verdict, url));
      }
    }
    return lines.toString();
  }

  private static String refused(GuideHost host) {
    return "error #: dial tcp %s: getsockopt: connection refused\n".formatted(host.clientPort());
  }

  private static Set<String> listing(GuideHost host) {
    CommandResult result = host.etcdctl("ls");
    assertEquals(0, result.exit(), result.output());
    return result.output().lines().collect(Collectors.toSet());
  }

  private List<GuideHost> inIdOrder(List<GuideHost> some) {
    return some.stream()
        .sorted(
            (one, other) ->
                Long.compareUnsigned(
                    Long.parseUnsignedLong(id(one), 16), Long.parseUnsignedLong(id(other), 16)))
        .toList();
  }

  private String id(GuideHost host) {
    return host.id(cluster.token());
  }

  private static List<GuideHost> without(List<GuideHost> some, GuideHost one) {
    return some.stream().filter(host -> !host.equals(one)).toList();
  }
}
