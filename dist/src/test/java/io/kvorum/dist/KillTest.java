// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.Member;
import io.kvorum.harness.process.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of any member at any moment under v2 load with watchers: no acknowledged write is
 * lost, the cluster goes on, and no watcher misses an event that error 401 did not announce, or
 * sees one twice. Twenty kills; {@code -Dkills=200} for the long form. The threads of load and
 * watchers are free, so a seed ({@code -Dseed=N}) repeats the choice of victims and moments, not
 * the whole run.
 */
class KillTest {
  private static final Duration READY = Duration.ofSeconds(60);

  /** About 200 writes a second: a watcher has seconds to find another member. */
  private static final WriteLoad.Pace GENTLE =
      new WriteLoad.Pace(6, Duration.ofMillis(25), Duration.ofSeconds(2));

  private static final WriteLoad.Pace FULL_SPEED =
      new WriteLoad.Pace(32, Duration.ZERO, Duration.ofSeconds(2));

  /** Of a run at full speed at least; a watcher that pauses is then told of gaps. */
  private static final int WRITES = 3 * Watchers.REST;

  @TempDir private Path folder;

  @Test
  void neitherAcknowledgedWritesNorEventsAreLostWhenMembersAreKilled() {
    play(Integer.getInteger("kills", 20), GENTLE);
  }

  @Test
  void everyGapIsAnnouncedAtFullSpeed() {
    int gaps = play(Math.max(3, Integer.getInteger("kills", 20) / 8), FULL_SPEED);
    assertTrue(gaps > 0, "no watcher fell behind");
  }

  /** The whole test; how many gaps watchers were told of. */
  private int play(int kills, WriteLoad.Pace pace) {
    long seed = Long.getLong("seed", System.nanoTime());
    String run = "-Dkills=%d -Dseed=%d".formatted(Integer.getInteger("kills", 20), seed);
    System.out.printf("kill test: %s, %s%n", run, pace);
    Random random = new Random(seed);
    try (KillCluster cluster = new KillCluster(DistributionUnderTest.find(), folder)) {
      try {
        return play(run, kills, pace, random, cluster.members());
      } catch (AssertionError e) {
        throw new AssertionError(run + ": " + e.getMessage() + "\n" + cluster.story(), e);
      }
    }
  }

  private static int play(
      String run, int kills, WriteLoad.Pace pace, Random random, List<Member> members) {
    members.forEach(Member::start);
    members.forEach(member -> member.awaitReady(READY));
    try (WriteLoad load = new WriteLoad(members, random.nextLong(), pace);
        Watchers watchers = new Watchers(members, random);
        FlipLoad flips = new FlipLoad(members, random.nextLong())) {
      if (pace.equals(FULL_SPEED)) {
        watchers.addOneThatPauses(members, random, load::count);
      }
      for (int i = 0; i < kills; i++) {
        killAndRestart(members, load, random);
      }
      if (pace.equals(FULL_SPEED)) {
        Await.require("full speed", READY, () -> load.count() > WRITES);
      }
      Map<String, WriteLoad.Acknowledged> acknowledged = load.stop();
      List<Watcher.Event> flipped = flips.stop();
      members.forEach(member -> member.awaitReady(READY));
      System.out.printf(
          "kill test: %d kills, %d acknowledged writes, %d of unknown fate%n",
          kills,
          acknowledged.size() + flipped.size(),
          attemptsOfUnknownFate(members, acknowledged));
      assertTrue(acknowledged.size() > 20 * kills, run + ": hardly any load");
      check(run, members, acknowledged);
      watchers.check(run, LoadedTree.at(members.get(0)), flipped);
      System.out.println("kill test: " + watchers);
      return watchers.gaps();
    }
  }

  /** One in four victims is not awaited: the next one may then be killed while it starts. */
  private static void killAndRestart(List<Member> members, WriteLoad load, Random random) {
    Await.pause(Duration.ofMillis(random.nextInt(500)));
    Member victim = members.get(random.nextInt(members.size()));
    victim.stop(Signal.KILL);
    Await.pause(Duration.ofMillis(random.nextInt(400)));
    victim.start();
    if (random.nextInt(4) > 0) {
      victim.awaitReady(READY);
      load.awaitProgress();
    }
  }

  private static int attemptsOfUnknownFate(
      List<Member> members, Map<String, WriteLoad.Acknowledged> acknowledged) {
    return LoadedTree.at(members.get(0)).size() - acknowledged.size();
  }

  private static void check(
      String run, List<Member> members, Map<String, WriteLoad.Acknowledged> acknowledged) {
    Await.require(
        run + ": equal indexes on all members",
        Duration.ofSeconds(20),
        () -> members.stream().map(KillTest::index).distinct().count() == 1);
    Set<Long> indexes = new HashSet<>();
    acknowledged.forEach(
        (key, write) -> assertTrue(indexes.add(write.index()), run + ": two writes at one index"));
    Map<String, WriteLoad.Acknowledged> first = LoadedTree.at(members.get(0));
    for (Member member : members) {
      Map<String, WriteLoad.Acknowledged> values = LoadedTree.at(member);
      acknowledged.forEach(
          (key, write) ->
              assertEquals(write, values.get(key), run + ": " + key + " on " + member.name()));
      assertEquals(first, values, run + ": the same tree on all members");
    }
  }

  private static String index(Member member) {
    return read(member, "/v2/keys/").header("X-Etcd-Index").orElseThrow();
  }

  private static HttpReply read(Member member, String target) {
    HttpReply reply = member.get(target).orElseThrow();
    assertEquals(200, reply.status(), member.name() + " " + target + " " + reply.body());
    return reply;
  }
}
