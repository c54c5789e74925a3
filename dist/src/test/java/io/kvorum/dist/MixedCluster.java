// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.Member;
import io.kvorum.harness.process.Signal;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Our members and genuine ones in one cluster, on loopback addresses of their own; they can come
 * and go. Used by one thread.
 */
final class MixedCluster implements AutoCloseable {
  static final Duration READY = Duration.ofSeconds(60);
  private static final Duration CHANGE = Duration.ofSeconds(30);

  private final Distribution ours;
  private final Distribution genuine;
  private final Path folder;
  private final List<String> flags;
  private final int clientPort = FreePort.find();
  private final int peerPort = FreePort.find();
  private final List<Seat> seats = new ArrayList<>();
  private final List<Seat> left = new ArrayList<>();
  private int seatsMade;

  /**
   * A cluster without members.
   *
   * @param flags for every member, besides the usual ones
   */
  MixedCluster(Distribution ours, Distribution genuine, Path folder, List<String> flags) {
    this.ours = ours;
    this.genuine = genuine;
    this.folder = folder;
    this.flags = List.copyOf(flags);
  }

  /**
   * Plays a story on an empty cluster of the programs under test and genuine ones; skipped without
   * genuine ones. A failure tells how all members are.
   */
  static void play(Path folder, List<String> flags, Consumer<MixedCluster> story) {
    Distribution genuine = GenuineEtcd.findOrSkip();
    try (var cluster = new MixedCluster(DistributionUnderTest.find(), genuine, folder, flags)) {
      try {
        story.accept(cluster);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(e + "\n" + cluster.story(), e);
      }
    }
  }

  /** Founds the cluster: so many members of each kind, all at once. */
  void found(int ourMembers, int genuineMembers) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < ourMembers; i++) {
      names.add("ours");
    }
    for (int i = 0; i < genuineMembers; i++) {
      names.add("genuine");
    }
    List<String> initial = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      initial.add(names.get(i) + (i + 1) + "=" + url(i + 1, peerPort));
    }
    for (String name : names) {
      seats.add(seat(name.equals("ours"), String.join(",", initial), "new"));
    }
    seats.forEach(seat -> seat.member().start());
    seats.forEach(seat -> seat.member().awaitReady(READY));
  }

  private Seat seat(boolean ofOurs, String initialCluster, String state) {
    int number = ++seatsMade;
    String name = (ofOurs ? "ours" : "genuine") + number;
    return seat(number, ofOurs, name, name + ".etcd", initialCluster, state);
  }

  /**
   * The same member, from now on run by the other kind of program, on that data directory; the
   * member must be stopped, and is started again.
   */
  Seat handOver(Seat old, String dataDir) {
    int number = Integer.parseInt(old.name().replaceAll("\\D", ""));
    Seat fresh =
        seat(number, !old.ours(), old.name(), dataDir, old.name() + "=" + old.peerUrl(), "new");
    seats.set(seats.indexOf(old), fresh);
    left.add(old);
    fresh.member().start();
    fresh.member().awaitReady(READY);
    return fresh;
  }

  private Seat seat(
      int number,
      boolean ofOurs,
      String name,
      String dataDir,
      String initialCluster,
      String state) {
    Distribution programs = ofOurs ? ours : genuine;
    List<String> command = new ArrayList<>(List.of(programs.etcd().toString()));
    command.addAll(programs.etcdArguments());
    command.addAll(
        List.of(
            "--name",
            name,
            "--data-dir",
            dataDir,
            "--listen-client-urls",
            url(number, clientPort),
            "--advertise-client-urls",
            url(number, clientPort),
            "--listen-peer-urls",
            url(number, peerPort),
            "--initial-advertise-peer-urls",
            url(number, peerPort),
            "--initial-cluster",
            initialCluster,
            "--initial-cluster-state",
            state));
    command.addAll(flags);
    InetSocketAddress client = new InetSocketAddress(host(number), clientPort);
    Member member = new Member(name, command, Map.of(), folder, client);
    return new Seat(name, ofOurs, programs, member, url(number, peerPort), url(number, clientPort));
  }

  private static String host(int number) {
    return "127.93.0." + number;
  }

  private static String url(int number, int port) {
    return "http://%s:%d".formatted(host(number), port);
  }

  List<Seat> seats() {
    return List.copyOf(seats);
  }

  List<Member> members() {
    return seats.stream().map(Seat::member).toList();
  }

  // --- leadership ---

  /** The one member that says it leads; empty while there is none, or more than one says so. */
  Optional<Seat> leader() {
    List<Seat> leaders = seats.stream().filter(MixedCluster::leads).toList();
    return leaders.size() == 1 ? Optional.of(leaders.get(0)) : Optional.empty();
  }

  private static boolean leads(Seat seat) {
    return seat.member()
        .get("/v2/stats/self")
        .filter(reply -> reply.body().contains("\"StateLeader\""))
        .isPresent();
  }

  Seat awaitLeader() {
    Await.require("one leader", CHANGE, () -> leader().isPresent());
    return leader().orElseThrow();
  }

  /**
   * Makes a member the leader: by moving the leadership when a genuine member leads, else by a
   * graceful stop of the leader, which leaves the choice to it; again until it is right.
   */
  void elect(Seat wanted) {
    for (int round = 0; round < 12; round++) {
      Seat leader = awaitLeader();
      if (leader.equals(wanted)) {
        return;
      }
      if (leader.ours()) {
        leader.member().stop(Signal.TERM);
        leader.member().start();
        leader.member().awaitReady(READY);
      } else {
        moveLeader(leader, wanted);
      }
    }
    throw new AssertionError(wanted + " was not elected in twelve rounds");
  }

  /** {@code etcdctl move-leader} against a genuine leader; it must work at once. */
  void moveLeader(Seat leader, Seat to) {
    CommandResult result =
        new Commands(List.of(), Map.of("ETCDCTL_API", "3"), folder)
            .run(
                genuine.etcdctl().toString(),
                "--endpoints",
                leader.clientUrl(),
                "move-leader",
                id(to));
    assertEquals(0, result.exit(), "move-leader to " + to + ": " + result.output());
  }

  // --- membership ---

  /** The member's id as {@code /v2/members} shows it. */
  String id(Seat seat) {
    return entry(seat)
        .flatMap(entry -> entry.string("id"))
        .orElseThrow(() -> new AssertionError(seat + " is not listed"));
  }

  private Optional<Json> entry(Seat seat) {
    for (Seat other : seats) {
      Optional<HttpReply> reply = other.member().get("/v2/members");
      if (reply.isPresent()) {
        return Json.parse(reply.get().body()).items("members").stream()
            .filter(entry -> entry.strings("peerURLs").contains(seat.peerUrl()))
            .findFirst();
      }
    }
    return Optional.empty();
  }

  /**
   * Adds a member with {@code etcdctl member add} of the kind of the member that is asked, and
   * starts it with the cluster that the answer names.
   */
  Seat join(boolean ofOurs, Seat asked) {
    int number = seatsMade + 1;
    String name = (ofOurs ? "ours" : "genuine") + number;
    Commands commands = new Commands(List.of(), asked.programs().etcdctlEnvironment(), folder);
    CommandResult[] result = new CommandResult[1];
    Await.require(
        "member add " + name,
        CHANGE,
        () -> {
          result[0] =
              commands.run(
                  asked.programs().etcdctl().toString(),
                  "--endpoints",
                  asked.clientUrl(),
                  "member",
                  "add",
                  name,
                  url(number, peerPort));
          boolean added = result[0].exit() == 0;
          assertTrue(added || notYet(result[0]), result[0].output());
          return added;
        });
    Seat seat = seat(ofOurs, variable("ETCD_INITIAL_CLUSTER", result[0].stdout()), "existing");
    assertEquals("existing", variable("ETCD_INITIAL_CLUSTER_STATE", result[0].stdout()));
    seats.add(seat);
    seat.member().start();
    seat.member().awaitReady(READY);
    return seat;
  }

  /**
   * For five seconds after a member came, genuine members call the cluster unhealthy and take no
   * other; their client calls this a missing leader.
   */
  private static boolean notYet(CommandResult result) {
    return result.output().contains("unhealthy") || result.output().contains("has no leader");
  }

  private static String variable(String name, String text) {
    return text.lines()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1).replace("\"", ""))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + text));
  }

  /** Removes a member over the API of another one; it must end by itself. */
  void remove(Seat gone) {
    String id = id(gone);
    Seat other = seats.stream().filter(seat -> !seat.equals(gone)).findFirst().orElseThrow();
    HttpReply[] reply = new HttpReply[1];
    Await.require(
        "member remove " + gone,
        CHANGE,
        () -> {
          reply[0] = V2.send(other.member(), "DELETE", "/v2/members/" + id, List.of(), "");
          boolean removed = reply[0].status() == 204;
          assertTrue(removed || reply[0].status() == 500, "DELETE: " + reply[0]);
          return removed;
        });
    seats.remove(gone);
    left.add(gone);
    assertTrue(gone.member().awaitExit(CHANGE).isPresent(), gone + " was removed and does not end");
  }

  /** How all members are, for the message of a test that failed. */
  String story() {
    return java.util.stream.Stream.concat(seats.stream(), left.stream())
        .map(seat -> seat.member().story())
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    seats.forEach(seat -> seat.member().close());
    left.forEach(seat -> seat.member().close());
  }
}
