// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Leases through etcdctl 3.4.23, at every member: granted, put on keys, renewed, looked at,
 * revoked, over; across a kill -9 of the leader; among our members alone and together with genuine
 * ones, which ask ours at its peer port when it leads, and the reverse.
 */
class LeaseTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void amongOurs() {
    MixedCluster.play(folder, List.of(), cluster -> story(cluster, 3, 0));
  }

  @Test
  void togetherWithGenuineMembers() {
    MixedCluster.play(folder, List.of(), cluster -> story(cluster, 2, 1));
  }

  private void story(MixedCluster cluster, int ours, int genuine) {
    cluster.found(ours, genuine);
    List<Seat> seats = cluster.seats();
    Seat first = seats.getFirst();
    String kept = grant(first, 120);
    ok(seats.get(1), "put", "--lease=" + kept, "kept", "v");
    ok(seats.get(2), "put", "--lease=" + kept, "kept too", "v");
    seats.forEach(seat -> requireAlive(seat, kept));
    for (Seat wanted : List.of(seats.getLast(), first)) {
      cluster.elect(wanted);
      seats.forEach(seat -> requireAlive(seat, kept));
    }
    String brief = grant(seats.get(1), 15);
    ok(seats.get(1), "put", "--lease=" + brief, "brief", "v");
    Seat killed = cluster.awaitLeader();
    killed.member().stop(Signal.KILL);
    List<Seat> alive = new ArrayList<>(seats);
    alive.remove(killed);
    Await.require(
        "another leader", PATIENCE, () -> !cluster.leader().orElse(killed).equals(killed));
    assertEquals("brief\nv\n", ok(alive.getFirst(), "get", "brief"), "a new leader gives its time");
    alive.forEach(seat -> requireAlive(seat, kept));
    killed.member().start();
    killed.member().awaitReady(MixedCluster.READY);
    requireAlive(killed, kept);
    Await.require(
        "the end of a lease that nobody renews",
        PATIENCE,
        () -> seats.stream().allMatch(seat -> ok(seat, "get", "brief").isEmpty()));
    assertTrue(ok(killed, "lease", "timetolive", brief).contains("already expired"));
    assertEquals("found 1 leases\n" + kept + "\n", ok(killed, "lease", "list"));
    ok(alive.getLast(), "lease", "revoke", kept);
    seats.forEach(seat -> assertEquals("", ok(seat, "get", "--prefix", "kept")));
    CommandResult again = run(killed, "lease", "revoke", kept);
    assertNotEquals(0, again.exit());
    assertTrue(again.output().contains("requested lease not found"), again.output());
  }

  private String grant(Seat seat, int seconds) {
    String answer = ok(seat, "lease", "grant", Integer.toString(seconds));
    assertTrue(answer.endsWith("granted with TTL(" + seconds + "s)\n"), answer);
    return answer.split(" ", -1)[1];
  }

  private void requireAlive(Seat seat, String lease) {
    assertEquals(
        "lease " + lease + " keepalived with TTL(120)\n",
        ok(seat, "lease", "keep-alive", "--once", lease));
    String left = ok(seat, "lease", "timetolive", lease, "--keys");
    assertTrue(left.startsWith("lease " + lease + " granted with TTL(120s), remaining(1"), left);
    // A genuine leader tells the keys in no order.
    assertTrue(
        left.endsWith(" keys([kept too kept])\n") || left.endsWith(" keys([kept kept too])\n"),
        left);
  }

  private String ok(Seat seat, String... arguments) {
    CommandResult result = run(seat, arguments);
    assertEquals(
        0, result.exit(), String.join(" ", arguments) + " at " + seat + ": " + result.output());
    return result.stdout();
  }

  private CommandResult run(Seat seat, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                GenuineEtcd.findOrSkip().etcdctl().toString(), "--endpoints", seat.clientUrl()));
    command.addAll(List.of(arguments));
    return new Commands(List.of(), Map.of("ETCDCTL_API", "3"), folder)
        .run(command.toArray(String[]::new));
  }
}
