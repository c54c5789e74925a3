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
 * {@code kill -9} of any member at any moment under v2 load loses no acknowledged write. Ten kills;
 * {@code -Dkills=50} for the long form. The load's threads are free, so a seed ({@code -Dseed=N})
 * repeats the choice of victims and moments, not the whole run.
 */
class KillTest {
  private static final Duration READY = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void noAcknowledgedWriteIsLostWhenMembersAreKilled() {
    int kills = Integer.getInteger("kills", 10);
    long seed = Long.getLong("seed", System.nanoTime());
    String run = "-Dkills=%d -Dseed=%d".formatted(kills, seed);
    System.out.println("kill test: " + run);
    Random random = new Random(seed);
    try (KillCluster cluster = new KillCluster(DistributionUnderTest.find(), folder)) {
      try {
        play(run, kills, random, cluster.members());
      } catch (AssertionError e) {
        throw new AssertionError(run + ": " + e.getMessage() + "\n" + cluster.story(), e);
      }
    }
  }

  private static void play(String run, int kills, Random random, List<Member> members) {
    members.forEach(Member::start);
    members.forEach(member -> member.awaitReady(READY));
    Map<String, WriteLoad.Acknowledged> acknowledged;
    try (WriteLoad load = new WriteLoad(members, random.nextLong())) {
      for (int i = 0; i < kills; i++) {
        killAndRestart(members, load, random);
      }
      acknowledged = load.stop();
    }
    members.forEach(member -> member.awaitReady(READY));
    System.out.printf(
        "kill test: %d kills, %d acknowledged writes, %d of unknown fate%n",
        kills, acknowledged.size(), attemptsOfUnknownFate(members, acknowledged));
    assertTrue(acknowledged.size() > 20 * kills, run + ": hardly any load");
    check(run, members, acknowledged);
  }

  /** One in four victims is not awaited: the next one may then be killed while it starts. */
  private static void killAndRestart(List<Member> members, WriteLoad load, Random random) {
    Await.pause(Duration.ofMillis(random.nextInt(1200)));
    Member victim = members.get(random.nextInt(members.size()));
    victim.stop(Signal.KILL);
    Await.pause(Duration.ofMillis(random.nextInt(800)));
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
