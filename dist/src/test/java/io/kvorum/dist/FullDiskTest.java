// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.http.HttpStream;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.Member;
import io.kvorum.harness.process.Signal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A member whose disk fills up stops with a clear line instead of limping on; the others go on; and
 * when there is room again it goes on too, with every acknowledged write. Needs to mount a small
 * tmpfs: skipped loudly where that is not permitted.
 */
class FullDiskTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private Path small = Path.of("");

  @BeforeEach
  void aSmallDisk() throws IOException {
    small = Files.createDirectory(folder.resolve("small"));
    var mounted = run("mount", "-t", "tmpfs", "-o", "size=24m", "kvorum-test", small.toString());
    Assumptions.assumeTrue(mounted == 0, "SKIPPED: a small tmpfs can not be mounted here");
  }

  @AfterEach
  void unmount() {
    run("umount", "-l", small.toString());
  }

  private int run(String... command) {
    return new Commands(List.of(), Map.of(), folder).run(command).exit();
  }

  @Test
  void aFollowersFullDiskStopsItAloneAndItCatchesUpWhenThereIsRoom() throws IOException {
    try (Cluster cluster = new Cluster(DistributionUnderTest.find(), folder, 3)) {
      cluster.start();
      Member full = cluster.members.get(2);
      List<String> written = fillUntilItEnds(cluster.members.get(0), full);
      assertEnded(full);
      Await.require(
          "the others take writes", PATIENCE, () -> isPut(cluster.members.get(0), "without-it"));
      assertEquals(0, run("mount", "-o", "remount,size=200m", small.toString()));
      full.start();
      full.awaitReady(PATIENCE);
      for (String key : written) {
        Await.require(key, PATIENCE, () -> has(full, key));
      }
      assertTrue(has(full, "without-it"));
    }
  }

  @Test
  void aSingleMemberKeepsWhatItAcknowledgedBeforeTheDiskWasFull() throws IOException {
    try (Cluster cluster = new Cluster(DistributionUnderTest.find(), folder, 1)) {
      cluster.start();
      Member full = cluster.members.get(0);
      List<String> written = fillUntilItEnds(full, full);
      assertEnded(full);
      full.start();
      boolean refused = full.awaitExit(Duration.ofSeconds(20)).isPresent();
      if (!refused) {
        full.stop(Signal.TERM);
      }
      assertEquals(0, run("mount", "-o", "remount,size=200m", small.toString()));
      full.start();
      full.awaitReady(PATIENCE);
      for (String key : written) {
        assertTrue(has(full, key), key + " was acknowledged");
      }
      assertTrue(isPut(full, "after"));
    }
  }

  /** Writes to one member until the other has ended; returns what was acknowledged. */
  private static List<String> fillUntilItEnds(Member writeTo, Member full) {
    List<String> acknowledged = new ArrayList<>();
    String value = "x".repeat(100_000);
    for (int i = 0; i < 2_000 && full.isAlive(); i++) {
      String key = "k" + i;
      put(writeTo, key, value)
          .filter(reply -> reply.status() == 201)
          .ifPresent(reply -> acknowledged.add(key));
    }
    assertTrue(acknowledged.size() > 20, "only " + acknowledged.size() + " writes");
    return acknowledged;
  }

  private static void assertEnded(Member member) {
    assertEquals(Optional.of(1), member.awaitExit(PATIENCE), member.story());
    String log = member.log();
    assertTrue(
        log.contains("stopping this member") && log.contains("No space left on device"),
        member.story());
  }

  private static Optional<HttpReply> put(Member member, String key, String value) {
    try {
      return Optional.of(
          HttpStream.exchange(
              member.client(),
              new HttpCall(
                  "PUT",
                  "/v2/keys/" + key,
                  List.of(new Header("Content-Type", "application/x-www-form-urlencoded")),
                  Optional.of("value=" + value)),
              ANSWER));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isPut(Member member, String key) {
    return put(member, key, "1").filter(reply -> reply.status() < 300).isPresent();
  }

  private static boolean has(Member member, String key) {
    return member.get("/v2/keys/" + key).filter(reply -> reply.status() == 200).isPresent();
  }

  /** Members of which the last one lives on the small disk. */
  private final class Cluster implements AutoCloseable {
    final List<Member> members = new ArrayList<>();

    Cluster(Distribution distribution, Path folder, int size) {
      int clientPort = FreePort.find();
      int peerPort = FreePort.find();
      List<String> initial = new ArrayList<>();
      for (int i = 1; i <= size; i++) {
        initial.add("m" + i + "=" + url(i, peerPort));
      }
      for (int i = 1; i <= size; i++) {
        Path data = i == size ? small.resolve("data") : folder.resolve("m" + i + ".etcd");
        List<String> command = new ArrayList<>(List.of(distribution.etcd().toString()));
        command.addAll(distribution.etcdArguments());
        command.addAll(
            List.of(
                "--name", "m" + i,
                "--data-dir", data.toString(),
                "--listen-client-urls", url(i, clientPort),
                "--advertise-client-urls", url(i, clientPort),
                "--listen-peer-urls", url(i, peerPort),
                "--initial-advertise-peer-urls", url(i, peerPort),
                "--initial-cluster", String.join(",", initial)));
        InetSocketAddress client = new InetSocketAddress("127.93.0." + i, clientPort);
        members.add(new Member("m" + i, command, Map.of(), folder, client));
      }
    }

    private static String url(int i, int port) {
      return "http://127.93.0.%d:%d".formatted(i, port);
    }

    void start() {
      members.forEach(Member::start);
      members.forEach(member -> member.awaitReady(PATIENCE));
    }

    @Override
    public void close() {
      members.forEach(Member::close);
    }
  }
}
