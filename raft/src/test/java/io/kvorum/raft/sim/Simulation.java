// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import io.kvorum.base.Bytes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The life of one cluster from one seed: a minute of trouble, then peace, in which it must elect a
 * leader, take a write and a read from every member, and bring everybody to the same state.
 *
 * <p>Long runs: {@code main} with {@code -Dseeds=N -DfirstSeed=K}; {@code -Dtrace=true} prints
 * every input and effect.
 */
final class Simulation {

  private static final long TROUBLE_MICROS = 60 * World.SECONDS;
  private static final long EVENTS_MIN = 5_000;
  private static final long RECOVERY_MICROS = 30 * World.SECONDS;

  private final long seed;
  private final World world;
  private final Map<Long, Long> writes = new HashMap<>();
  private final Map<Long, Bytes> reads = new HashMap<>();

  private Simulation(long seed) {
    this.seed = seed;
    this.world = new World(seed, null);
  }

  /** Lives through {@code seed}; throws with everything needed to see it again. */
  static Counts run(long seed) {
    Simulation simulation = null;
    try {
      simulation = new Simulation(seed);
      return simulation.live();
    } catch (RuntimeException e) {
      long at = simulation == null ? 0 : simulation.world.now();
      throw new AssertionError(
          "seed "
              + seed
              + " at "
              + at / 1000
              + " ms: "
              + e.getMessage()
              + "\n  again: "
              + replay(seed),
          e);
    }
  }

  private static String replay(long seed) {
    return "./mvnw -pl raft -am test -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false"
        + " -Dseeds=1 -Dtrace=true -DfirstSeed="
        + seed;
  }

  private Counts live() {
    Nemesis nemesis = new Nemesis(world);
    nemesis.start();
    world.clients.start();
    world.runFor(TROUBLE_MICROS);
    while (world.events() < EVENTS_MIN) {
      world.runFor(World.SECONDS);
    }
    world.clients.stop();
    nemesis.stop();
    recover();
    world.checker.matchAllLogs();
    noAcknowledgedWriteIsLost();
    Counts counts = world.counts;
    counts.seeds = 1;
    counts.events = world.events();
    counts.mostEvents = world.events();
    counts.mostEventsSeed = seed;
    counts.virtualMicros = world.now();
    return counts;
  }

  private void recover() {
    long peace = world.now();
    world.after(0, this::tryAgain);
    if (!world.runUntil(RECOVERY_MICROS, this::everybodyServes)) {
      throw new Violation("no recovery in " + RECOVERY_MICROS / 1000 + " ms: " + standing());
    }
    world.counts.slowestRecoveryMicros = world.now() - peace;
    if (!world.runUntil(RECOVERY_MICROS, this::everybodyIsEqual)) {
      throw new Violation("members stay apart: " + standing());
    }
  }

  /** A client that got no answer asks again, with a write of its own each time. */
  private void tryAgain() {
    for (SimNode member : members()) {
      if (!member.isRunning()) {
        member.start();
      }
      if (!hasWritten(member)) {
        writes.put(member.id, world.clients.write(member, 1));
      }
      if (!hasRead(member)) {
        reads.put(member.id, world.clients.read(member));
      }
    }
    world.after(500 * World.MILLIS, this::tryAgain);
  }

  private boolean hasWritten(SimNode member) {
    Long write = writes.get(member.id);
    return write != null && world.clients.isAcknowledged(write);
  }

  private boolean hasRead(SimNode member) {
    Bytes read = reads.get(member.id);
    return read != null && member.applier().hasServed(read);
  }

  private boolean everybodyServes() {
    for (SimNode member : members()) {
      if (!hasWritten(member) || !hasRead(member)) {
        return false;
      }
    }
    return true;
  }

  private boolean everybodyIsEqual() {
    StoreState newest = world.checker.newest();
    return newest.applied().index() == world.checker.commitIndex()
        && members().stream().allMatch(member -> member.store().equals(newest));
  }

  private List<SimNode> members() {
    return world.nodes().stream()
        .filter(node -> world.checker.newest().confState().contains(node.id))
        .toList();
  }

  private void noAcknowledgedWriteIsLost() {
    StoreState state = world.checker.newest();
    world
        .clients
        .acknowledged()
        .forEach(
            (id, index) -> {
              if (index > state.applied().index() || !world.checker.holds(id, index)) {
                throw new Violation(
                    "write " + id + " was acknowledged at " + index + ", it is lost");
              }
            });
  }

  private String standing() {
    StringBuilder text = new StringBuilder(world.checker.newest().toString());
    for (SimNode node : world.nodes()) {
      text.append("\n  ").append(node).append(node.isRunning() ? " " : " down ");
      text.append(node.isGone() ? "removed " : "").append(node.leadership());
      text.append(' ').append(node.view().last()).append(' ').append(node.store());
    }
    return text.toString();
  }

  /** Runs {@code count} seeds, printing progress about every ten seconds. */
  static Counts runMany(long first, long count) {
    Counts total = new Counts();
    long told = System.nanoTime();
    for (long seed = first; seed < first + count; seed++) {
      total.addAll(run(seed));
      if (System.nanoTime() - told > 10_000_000_000L) {
        told = System.nanoTime();
        System.out.println("seed " + seed + ", " + total.events + " events");
      }
    }
    return total;
  }

  public static void main(String[] args) {
    long seeds = Long.getLong("seeds", 1_000);
    long first = Long.getLong("firstSeed", 1);
    long began = System.nanoTime();
    Counts counts = runMany(first, seeds);
    System.out.print(counts.report());
    System.out.printf(
        "first seed %d, %.1f s%n", first, (System.nanoTime() - began) / 1_000_000_000.0);
    if (seeds >= 100 && !counts.neverSeen().isEmpty()) {
      throw new AssertionError("never seen: " + counts.neverSeen());
    }
  }
}
