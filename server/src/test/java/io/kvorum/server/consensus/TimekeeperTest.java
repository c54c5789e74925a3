// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.raft.Effects.Leadership;
import io.kvorum.raft.Effects.Role;
import io.kvorum.server.consensus.ConsensusFailure.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What etcd 2.3.7 says about a request that got no answer. */
class TimekeeperTest {

  private final TestClock clock = new TestClock();
  private final SilentPeers peers = new SilentPeers();
  private final Timekeeper time =
      new Timekeeper(clock, Duration.ofSeconds(7), Duration.ofSeconds(1), peers);

  @Test
  void withoutALeaderItIsAPlainTimeOut() {
    assertEquals(Kind.TIMEOUT, time.kindOfTimeout(clock.monotonicNanos()));
    assertEquals("etcdserver: request timed out", Kind.TIMEOUT.text());
  }

  @Test
  void aRequestFromShortlyBeforeTheElectionBlamesTheLastLeader() {
    long tooEarly = clock.monotonicNanos();
    clock.pass(Duration.ofMillis(1));
    long since = clock.monotonicNanos();
    clock.pass(Duration.ofMillis(1_999));
    time.leaderChanged(new Leadership(Role.FOLLOWER, 5, 2));
    peers.activeSince = 0;
    assertEquals(Kind.TIMEOUT_LEADER_FAILED, time.kindOfTimeout(since));
    assertEquals(Kind.TIMEOUT, time.kindOfTimeout(tooEarly));
    clock.pass(Duration.ofMillis(1));
    assertEquals(Kind.TIMEOUT, time.kindOfTimeout(clock.monotonicNanos()));
    assertEquals(
        "etcdserver: request timed out, possibly due to previous leader failure",
        Kind.TIMEOUT_LEADER_FAILED.text());
  }

  @Test
  void aFollowerWithoutContactToTheLeaderBlamesTheConnection() {
    time.leaderChanged(new Leadership(Role.FOLLOWER, 5, 2));
    clock.pass(Duration.ofSeconds(9));
    assertEquals(Kind.TIMEOUT_CONNECTION_LOST, time.kindOfTimeout(clock.monotonicNanos()));
    peers.activeSince = 3;
    assertEquals(Kind.TIMEOUT, time.kindOfTimeout(clock.monotonicNanos()));
    assertEquals(
        "etcdserver: request timed out, possibly due to connection lost",
        Kind.TIMEOUT_CONNECTION_LOST.text());
  }

  @Test
  void aLeaderNeedsNoConnectionToItself() {
    time.leaderChanged(new Leadership(Role.LEADER, 7, 2));
    clock.pass(Duration.ofSeconds(9));
    assertEquals(Kind.TIMEOUT, time.kindOfTimeout(clock.monotonicNanos()));
  }

  @Test
  void theDeadlineFollowsTheTicks() {
    long start = clock.monotonicNanos();
    clock.pass(Duration.ofSeconds(10));
    assertEquals(start - Duration.ofSeconds(7).toNanos(), time.requestDeadline());
    time.ticked();
    assertEquals(start + Duration.ofSeconds(3).toNanos(), time.requestDeadline());
  }
}
