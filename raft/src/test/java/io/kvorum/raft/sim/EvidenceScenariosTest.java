// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.raft.ConfChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * One scenario for each fault of another engine that led to a core of our own
 * (docs/decisions/0001-own-consensus-core.md), as far as it is a fault of the core. The checker of
 * the simulation looks on after every event.
 */
class EvidenceScenariosTest {

  private static final long ELECTION_MICROS = 5 * World.SECONDS;
  private static final int SEEDS = 20;

  /** Found in an engine that skipped the quorum's round when nothing new was committed. */
  @Test
  void aLeaderThatIsCutOffServesNoLinearizableRead() {
    for (int seed = 0; seed < SEEDS; seed++) {
      World world = new World(seed, Profile.quiet(3));
      SimNode old = electedLeader(world);
      mustBeAcknowledged(world, old);
      isolate(world, old);
      List<Bytes> reads = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        reads.add(world.clients.read(old));
        world.runFor(30 * World.MILLIS);
      }
      SimNode next = electedLeader(world);
      assertNotEquals(old, next);
      mustBeAcknowledged(world, next);
      for (Bytes read : reads) {
        assertFalse(old.applier().hasServed(read), "seed " + seed + " served " + read);
      }
      Bytes read = world.clients.read(next);
      assertTrue(world.runUntil(World.SECONDS, () -> next.applier().hasServed(read)));
      world.network.unblockAll();
      world.runFor(World.SECONDS);
      Bytes late = world.clients.read(old);
      assertTrue(world.runUntil(World.SECONDS, () -> old.applier().hasServed(late)));
    }
  }

  /** Found in an engine where each local write counted as a sign of life. */
  @Test
  void anIsolatedLeaderStepsDownWhileWritesTrickleIn() {
    for (int seed = 0; seed < SEEDS; seed++) {
      World world = new World(seed, Profile.quiet(3));
      SimNode leader = electedLeader(world);
      isolate(world, leader);
      List<Long> writes = new ArrayList<>();
      long end = world.now() + 2_200 * World.MILLIS; // two election timeouts, and a little
      while (leader.isLeader() && world.now() < end) {
        writes.add(world.clients.write(leader, 1));
        world.runFor(40 * World.MILLIS);
      }
      assertFalse(leader.isLeader(), "seed " + seed);
      for (long write : writes) {
        assertFalse(world.clients.isAcknowledged(write));
      }
    }
  }

  /** Found in an engine where a refused pre-vote left a flag behind. */
  @Test
  void aRefusedPreVoteBlocksNoLaterElection() {
    for (int seed = 0; seed < SEEDS; seed++) {
      World world = new World(seed, Profile.quiet(3));
      SimNode first = electedLeader(world);
      SimNode refused = another(world, first);
      SimNode third = another(world, first, refused);
      isolate(world, refused);
      mustBeAcknowledged(world, first);
      // The only one left knows no leader, has a newer log and does not stand itself: it refuses.
      first.crash();
      world.runFor(10 * World.MILLIS); // what the leader still has under way arrives
      third.crash();
      third.setTickRate(1_000);
      third.start();
      world.network.unblockAll();
      assertTrue(
          world.runUntil(20 * World.SECONDS, () -> world.counts.get(Count.PRE_VOTES_REFUSED) >= 3));
      third.setTickRate(1);
      third.crash();
      third.start();
      assertTrue(electedLeader(world) == third, "seed " + seed);
      // Now the refused one catches up, and is the only one whose clock is fit to stand.
      mustBeAcknowledged(world, refused);
      first.start();
      world.runFor(2 * World.SECONDS);
      third.crash();
      world.runFor(10 * World.MILLIS);
      first.crash();
      first.setTickRate(1_000);
      first.start();
      assertTrue(electedLeader(world) == refused, "seed " + seed);
      mustBeAcknowledged(world, refused);
    }
  }

  @Test
  void twoHundredFailOversInARowEachEndWithALeader() {
    World world = new World(1, Profile.quiet(3));
    for (int i = 0; i < 200; i++) {
      SimNode leader = electedLeader(world);
      mustBeAcknowledged(world, leader);
      leader.crash();
      SimNode next = electedLeader(world);
      mustBeAcknowledged(world, next);
      leader.start();
      world.runFor(world.random.nextLong(3 * World.SECONDS));
    }
    assertTrue(world.counts.get(Count.ELECTIONS) >= 200);
  }

  /** Found in engines that know two learners at most, or can not promote one. */
  @Test
  void fiveLearnersJoinAndAreAllPromoted() {
    World world = new World(3, Profile.quiet(3));
    List<Long> learners = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      learners.add(world.newNodeId());
      change(world, ConfChange.Type.ADD_LEARNER, learners.get(i));
    }
    assertTrue(electedLeader(world).store().confState().learners().containsAll(learners));
    for (long learner : learners) {
      SimNode node = Objects.requireNonNull(world.node(learner));
      assertTrue(world.runUntil(5 * World.SECONDS, node::isRunning));
      mustBeAcknowledged(world, node); // a learner takes writes, and forwards them
      change(world, ConfChange.Type.ADD_NODE, learner);
    }
    assertTrue(electedLeader(world).store().confState().voters().size() == 8);
    for (SimNode node : world.nodes()) {
      mustBeAcknowledged(world, node);
    }
  }

  /** Found in a cluster of two: the leader removes itself, and its last word must arrive. */
  @Test
  void aLeaderThatRemovesItselfLeavesAWorkingCluster() {
    for (int seed = 0; seed < SEEDS; seed++) {
      World world = new World(seed, Profile.quiet(2 + seed % 4));
      SimNode leader = electedLeader(world);
      change(world, ConfChange.Type.REMOVE_NODE, leader.id);
      assertTrue(world.runUntil(10 * World.SECONDS, leader::isGone), "seed " + seed);
      mustBeAcknowledged(world, electedLeader(world));
    }
  }

  // --- what happens in these stories ---

  private static SimNode electedLeader(World world) {
    assertTrue(
        world.runUntil(
            ELECTION_MICROS, () -> world.leader() != null && followsOnly(world, world.leader())),
        "no leader");
    return Objects.requireNonNull(world.leader());
  }

  /** Whether nobody else believes to lead an equal or later term. */
  private static boolean followsOnly(World world, SimNode leader) {
    return world.nodes().stream()
            .filter(node -> node.isRunning() && node.leadership().leader() == leader.id)
            .count()
        > leader.store().confState().voters().size() / 2;
  }

  private static void mustBeAcknowledged(World world, SimNode node) {
    assertTrue(
        world.runUntil(ELECTION_MICROS, () -> node.leadership().leader() != 0),
        node + " knows no leader");
    long write = world.clients.write(node, 1);
    assertTrue(
        world.runUntil(ELECTION_MICROS, () -> world.clients.isAcknowledged(write)),
        node + " got no answer");
  }

  private static void change(World world, ConfChange.Type type, long about) {
    SimNode leader = electedLeader(world);
    long change = world.clients.change(leader, type, about);
    assertTrue(
        world.runUntil(ELECTION_MICROS, () -> world.clients.isAcknowledged(change)),
        type + " of " + Long.toHexString(about));
  }

  private static void isolate(World world, SimNode node) {
    for (SimNode other : world.nodes()) {
      if (other != node) {
        world.network.blockBoth(node.id, other.id);
      }
    }
  }

  private static SimNode another(World world, SimNode... known) {
    return world.nodes().stream()
        .filter(node -> !List.of(known).contains(node))
        .findFirst()
        .orElseThrow();
  }
}
