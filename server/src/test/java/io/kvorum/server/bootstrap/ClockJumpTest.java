// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.TreeCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The time of day jumps on one member or on all. Elections and reads go by durations, so nothing
 * happens to them; deadlines of keys are times of day by contract, and are only passed when the
 * leader's clock says so.
 */
@Timeout(120)
class ClockJumpTest {

  private static final List<Duration> JUMPS =
      List.of(
          Duration.ofHours(1),
          Duration.ofHours(-2),
          Duration.ofDays(3650),
          Duration.ofDays(-7300),
          Duration.ofSeconds(2));

  @TempDir Path folder = Path.of("");
  private LocalMembers members = new LocalMembers(Path.of(""));

  @BeforeEach
  void threeMembers() {
    members = new LocalMembers(folder);
    members.electAfter(Duration.ofSeconds(3));
    members.found("a", "b", "c");
  }

  @AfterEach
  void stopAll() {
    members.close();
  }

  @Test
  void theLeaderStaysAndWritesAndReadsGoOn() throws Exception {
    String leader = members.leaderName();
    long term = term(leader);
    int n = 0;
    for (Duration jump : JUMPS) {
      for (String name : List.of("a", "b", "c")) {
        members.clock(name).jump(jump);
        String key = "k" + n++;
        members.put(name, key, "1");
        members.get(name).parts().consensus().readBarrier().await().get(30, TimeUnit.SECONDS);
        assertTrue(members.has(name, key));
      }
    }
    assertEquals(leader, members.leaderName());
    assertEquals(term, term(leader), "no election was needed");
  }

  @Test
  void anElectionWorksAmongMembersThatDoNotAgreeOnTheYear() {
    String leader = members.leaderName();
    members.clock("a").jump(Duration.ofDays(3650));
    members.clock("c").jump(Duration.ofDays(-3650));
    members.stop(leader);
    String next = members.leaderName();
    assertNotEquals(leader, next);
    members.put(next, "after", "1");
  }

  @Test
  void aKeyEndsWhenTheLeadersClockSaysSoAndNotBefore() {
    String leader = members.leaderName();
    LocalMembers.JumpingClock clock = members.clock(leader);
    setUntil(leader, "early", clock.unixNanos() + Duration.ofMinutes(10).toNanos());
    setUntil(leader, "late", clock.unixNanos() + Duration.ofHours(10).toNanos());
    // whoever does not lead may think what it likes
    for (String name : List.of("a", "b", "c")) {
      if (!name.equals(leader)) {
        members.clock(name).jump(Duration.ofDays(30));
      }
    }
    setUntil(leader, "passed", clock.unixNanos() + 1);
    LocalMembers.await("the third key ends", () -> !members.has(leader, "passed"));
    assertTrue(members.has(leader, "early"));
    clock.jump(Duration.ofHours(1));
    for (String name : List.of("a", "b", "c")) {
      LocalMembers.await("the first key ends", () -> !members.has(name, "early"));
      assertTrue(members.has(name, "late"));
    }
    clock.jump(Duration.ofHours(-3));
    setUntil(leader, "new", clock.unixNanos() + Duration.ofMillis(300).toNanos());
    LocalMembers.await("a key of the new time ends", () -> !members.has(leader, "new"));
    assertTrue(members.has(leader, "late"));
  }

  /** Request ids begin with the time; those of an earlier life must not come again. */
  @Test
  void aMemberThatComesBackInThePastIsAnsweredForItsOwnRequests() {
    for (int i = 0; i < 50; i++) {
      members.put("b", "before" + i, "1");
    }
    members.stop("b");
    members.clock("b").jump(Duration.ofHours(-1));
    members.start(members.config("b", members.cluster("a", "b", "c"), false));
    members.awaitReady("b");
    for (int i = 0; i < 50; i++) {
      String key = "after" + i;
      members.put("b", key, "1");
      assertTrue(members.has("b", key), "answered before it was applied");
    }
  }

  private long term(String name) {
    return members.get(name).parts().consensus().facts().term();
  }

  private void setUntil(String name, String key, long deadline) {
    assertInstanceOf(
        Outcome.TreeChanged.class,
        members.propose(
            name,
            new TreeCommand.Set(Bytes.utf8("/1/" + key), false, Bytes.utf8("x"), deadline, false)));
  }
}
