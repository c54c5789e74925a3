// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Majorities against a twin that is too simple to be wrong: it counts. */
final class QuorumTest {

  private static final int ROUNDS = 20_000;

  @Test
  void anIndexIsAgreedExactlyWhenCountingSaysSo() {
    for (long seed = 0; seed < ROUNDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ConfState conf = randomConf(random);
      long[] reached = random.longs(10, 0, 6).toArray();
      long expected = 0;
      for (long index = 1; index <= 6; index++) {
        long candidate = index;
        if (countedQuorum(conf, id -> reached[(int) id] >= candidate)) {
          expected = index;
        }
      }
      assertEquals(expected, Configuration.agreed(conf, id -> reached[(int) id]), "seed " + seed);
    }
  }

  @Test
  void aBallotIsDecidedExactlyWhenNoMissingVoteCanChangeIt() {
    for (long seed = 0; seed < ROUNDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ConfState conf = randomConf(random);
      Map<Long, Boolean> votes = new HashMap<>();
      VoteTally tally = new VoteTally(new Quorum(conf));
      for (long id = 1; id <= 9; id++) {
        if (random.nextInt(3) > 0) {
          boolean granted = random.nextBoolean();
          votes.put(id, granted);
          tally.record(id, granted);
          tally.record(id, !granted); // Changing one's mind is not heard.
        }
      }
      boolean won = countedQuorum(conf, id -> votes.getOrDefault(id, false));
      boolean couldWin = countedQuorum(conf, id -> votes.getOrDefault(id, true));
      Quorum.Outcome expected =
          won ? Quorum.Outcome.WON : couldWin ? Quorum.Outcome.OPEN : Quorum.Outcome.LOST;
      assertEquals(expected, tally.outcome(), "seed " + seed);
    }
  }

  @Test
  void anyTwoQuorumsOfNeighbouringConfigurationsShareAVoter() {
    for (long seed = 0; seed < ROUNDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ConfState before = randomConf(random);
      if (before.isJoint()) {
        continue;
      }
      ConfChange.Type type = ConfChange.Type.values()[random.nextInt(4)];
      long id = 1 + random.nextInt(9);
      if (before.voters().equals(List.of(id))) {
        continue;
      }
      ConfState after = Configuration.apply(before, new ConfChange(1, type, id, Bytes.EMPTY));
      int side = random.nextInt(1 << 9);
      boolean both =
          Configuration.isQuorum(before, voter -> (side >> (voter - 1) & 1) == 1)
              && Configuration.isQuorum(after, voter -> (side >> (voter - 1) & 1) == 0);
      assertFalse(both, "seed " + seed + ": " + before + " and " + after);
    }
  }

  @Test
  void nobodyIsNoQuorum() {
    assertEquals(0, Configuration.agreed(ConfState.EMPTY, id -> 7));
    assertFalse(Configuration.isQuorum(ConfState.EMPTY, id -> true));
    assertTrue(new Quorum(ConfState.of(List.of(-1L), List.of())).isOnlyVoter(-1));
  }

  @Test
  void votersAreAskedInUnsignedOrder() {
    Quorum quorum =
        new Quorum(new ConfState(List.of(-1L, 3L), List.of(2L), List.of(1L, 3L), List.of(), false));
    assertEquals(List.of(1L, 3L, -1L), LongStream.of(quorum.voters()).boxed().toList());
    assertFalse(quorum.isVoter(2));
  }

  private static ConfState randomConf(SplittableRandom random) {
    List<Long> voters = randomIds(random, 1 + random.nextInt(5));
    List<Long> outgoing = random.nextBoolean() ? List.of() : randomIds(random, random.nextInt(6));
    return new ConfState(voters, List.of(), outgoing, List.of(), false);
  }

  private static List<Long> randomIds(SplittableRandom random, int count) {
    List<Long> ids = new ArrayList<>();
    while (ids.size() < count) {
      long id = 1 + random.nextInt(9);
      if (!ids.contains(id)) {
        ids.add(id);
      }
    }
    return ids;
  }

  private static boolean countedQuorum(ConfState conf, LongPredicate member) {
    return countedMajority(conf.voters(), member)
        && (conf.votersOutgoing().isEmpty() || countedMajority(conf.votersOutgoing(), member));
  }

  private static boolean countedMajority(List<Long> half, LongPredicate member) {
    int count = 0;
    for (long id : half) {
      if (member.test(id)) {
        count++;
      }
    }
    return count * 2 > half.size();
  }
}
