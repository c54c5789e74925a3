// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** When a change of the voters is refused before it is proposed. */
class ReconfigurationRuleTest {
  private static final Optional<String> FINE = Optional.empty();
  private static final Optional<String> NOT_ENOUGH =
      Optional.of("etcdserver: re-configuration failed due to not enough started members");
  private static final Optional<String> UNHEALTHY = Optional.of("etcdserver: unhealthy cluster");
  private static final long SECOND = 1_000_000_000L;

  private final TreeMap<MemberId, Member> members = new TreeMap<>();
  private final Map<MemberId, Long> activeSince = new HashMap<>();
  private long now = 100 * SECOND;
  private final ReconfigurationRule rule =
      new ConnectedQuorum(new StandingClock(), id -> activeSince.getOrDefault(id, -1L));

  @Test
  void aLoneMemberTakesASecondAndNoThirdBeforeThatIsStarted() {
    voter(1);
    assertEquals(FINE, add());
    unstarted(2);
    assertEquals(NOT_ENOUGH, add());
    assertEquals(FINE, remove(2));
    assertEquals(NOT_ENOUGH, remove(1));
  }

  @Test
  void theLastVoterStays() {
    voter(1);
    assertEquals(NOT_ENOUGH, remove(1));
    assertEquals(FINE, remove(99));
  }

  @Test
  void aVoterIsAddedOnlyWhenAllHaveBeenConnectedForFiveSeconds() {
    three();
    assertEquals(FINE, add());
    activeSince.put(id(3), now - 4 * SECOND);
    assertEquals(UNHEALTHY, add());
    activeSince.remove(id(3));
    assertEquals(UNHEALTHY, add());
    now += 10 * SECOND;
    activeSince.put(id(3), 100 * SECOND);
    assertEquals(FINE, add());
  }

  @Test
  void whoIsNotStartedCountsAgainstASecondAddition() {
    three();
    unstarted(4);
    assertEquals(UNHEALTHY, add());
    unstarted(5);
    assertEquals(NOT_ENOUGH, add());
  }

  @Test
  void aRemovalLeavesAConnectedQuorum() {
    three();
    assertEquals(FINE, remove(3));
    activeSince.remove(id(2));
    assertEquals(UNHEALTHY, remove(3));
    assertEquals(FINE, remove(2));
    assertEquals(UNHEALTHY, remove(1));
  }

  @Test
  void learnersAreNeitherCountedNorKept() {
    voter(1);
    learner(2);
    assertEquals(FINE, add());
    assertEquals(FINE, remove(2));
    assertEquals(FINE, rule.againstPromoting(membership(), id(2)));
    unstarted(3);
    assertEquals(NOT_ENOUGH, add());
    unstarted(4);
    unstarted(5);
    assertEquals(NOT_ENOUGH, rule.againstPromoting(membership(), id(2)));
    assertEquals(FINE, remove(2));
  }

  private void three() {
    voter(1);
    voter(2);
    voter(3);
    activeSince.put(id(2), 10 * SECOND);
    activeSince.put(id(3), 10 * SECOND);
  }

  private Optional<String> add() {
    return rule.againstAddingVoter(membership());
  }

  private Optional<String> remove(long id) {
    return rule.againstRemoving(membership(), id(id));
  }

  private void voter(long id) {
    put(id, "m" + id, false);
  }

  private void unstarted(long id) {
    put(id, "", false);
  }

  private void learner(long id) {
    put(id, "m" + id, true);
  }

  private void put(long id, String name, boolean learner) {
    members.put(
        id(id), new Member(id(id), name, List.of("http://h" + id + ":1"), List.of(), learner));
  }

  private Membership membership() {
    return new Membership(id(77), id(1), members, Set.of(), Optional.empty());
  }

  private static MemberId id(long value) {
    return new MemberId(value);
  }

  private final class StandingClock implements Clock {
    @Override
    public long unixNanos() {
      return now;
    }

    @Override
    public long monotonicNanos() {
      return now;
    }
  }
}
