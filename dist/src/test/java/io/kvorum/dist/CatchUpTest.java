// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A member that was away for longer than the others keep their log is caught up by a snapshot of
 * the other kind. All keep 5000 entries behind their newest snapshot, ours the whole segment of
 * those besides: 64 MB.
 */
class CatchUpTest {
  private static final List<String> FLAGS = List.of("--snapshot-count", "100");
  private static final int WRITES = 5200;
  private static final int LARGE_WRITES = 1400;
  private static final int LARGE_BYTES = 50_000;
  private static final int WRITERS = 8;

  @TempDir private Path folder;

  @Test
  void aGenuineFollowerIsCaughtUpByOursAndOursByAGenuineLeader() {
    MixedCluster.play(folder, FLAGS, this::catchUpBothWays);
  }

  private void catchUpBothWays(MixedCluster cluster) {
    cluster.found(1, 2);
    V3Work v3 = new V3Work(folder);
    Seat ours = cluster.seats().get(0);
    Seat follower = cluster.seats().get(1);
    TreeWork.at(ours.member(), "/before");
    v3.at(follower, "before");

    cluster.elect(ours);
    away(cluster, follower);
    assertTrue(
        follower.member().log().contains("received and saved database snapshot"),
        "the genuine follower got no snapshot");

    v3.requireEqual(cluster.seats());

    v3.at(follower, "between");
    away(cluster, ours);
    assertTrue(snapshots("ours1") > 0, "ours got no snapshot");
    TreeWork.at(ours.member(), "/after");
    cluster.elect(ours);
    TreeWork.at(follower.member(), "/led");
    TreeComparison.requireEqual(cluster.members(), 200);
    v3.at(ours, "after");
    v3.requireEqual(cluster.seats());
  }

  /** Kills a member, writes more than the others keep, starts it and waits until all are equal. */
  private static void away(MixedCluster cluster, Seat seat) {
    seat.member().stop(Signal.KILL);
    Seat other = cluster.seats().stream().filter(s -> !s.equals(seat)).findFirst().orElseThrow();
    write(other, LARGE_WRITES, "x".repeat(LARGE_BYTES));
    write(other, WRITES, "small");
    seat.member().start();
    seat.member().awaitReady(MixedCluster.READY);
    TreeComparison.requireEqual(cluster.members(), 100);
  }

  /** So many writes, side by side, to a few keys. */
  private static void write(Seat seat, int count, String value) {
    AtomicInteger left = new AtomicInteger(count);
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        String key = "/away/" + i;
        done.add(
            writers.submit(
                () -> {
                  while (left.getAndDecrement() > 0) {
                    V2.send(
                        seat.member(), "PUT", "/v2/keys" + key, List.of(V2.FORM), "value=" + value);
                  }
                }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private long snapshots(String name) {
    try (Stream<Path> files = Files.list(folder.resolve(name + ".etcd/member/snap"))) {
      return files.filter(file -> file.toString().endsWith(".snap")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void v3DataOfAGenuineMemberIsAtOursAndThereAfterAKill() {
    MixedCluster.play(folder, FLAGS, this::writeV3);
  }

  private void writeV3(MixedCluster cluster) {
    cluster.found(1, 2);
    Seat ours = cluster.seats().get(0);
    Seat genuine = cluster.seats().get(1);
    TreeWork.at(genuine.member(), "/before");
    assertEquals("OK\n", v3(genuine, genuine, "put", "key", "value"));
    assertEquals("key\nvalue\n", v3(genuine, ours, "get", "key"));
    ours.member().stop(Signal.KILL);
    ours.member().start();
    ours.member().awaitReady(MixedCluster.READY);
    assertEquals("key\nvalue\n", v3(genuine, ours, "get", "key"));
    cluster.awaitLeader();
    TreeWork.at(genuine.member(), "/after");
  }

  /** What the stock client, of {@code programs}, shows of a command. */
  private String v3(Seat programs, Seat asked, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(programs.programs().etcdctl().toString(), "--endpoints", asked.clientUrl()));
    command.addAll(List.of(arguments));
    CommandResult result =
        new Commands(List.of(), Map.of("ETCDCTL_API", "3"), folder)
            .run(command.toArray(String[]::new));
    assertEquals(0, result.exit(), result.output());
    return result.stdout();
  }
}
