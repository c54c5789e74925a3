// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.env.VirtualWorld;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Whole members, from the log's file format up to both keyspaces, in one thread on virtual time,
 * under loads and every trouble that a seed can think of: nothing acknowledged is lost, nothing is
 * done twice, no linearizable read is stale, all members agree on everything.
 *
 * <p>{@code -Dseeds=1000} for a long run, {@code -Dseed=N} for one again.
 */
class WholeMemberTest {

  private static final int SEEDS = 12;

  /** What a run of all seeds must have had, or it has not shown what it claims. */
  private static final List<String> CLAIMED =
      List.of(
          "bits turned over",
          "clock jumps",
          "compactions",
          "disks full",
          "elections",
          "leadership handed over",
          "learners added",
          "learners promoted",
          "links cut",
          "members removed",
          "members stopped and continued",
          "members that gave up on a bad disk",
          "members that saw their removal",
          "power losses",
          "power losses of all",
          "slow disks",
          "snapshots delivered",
          "starts refused on a damaged disk",
          "sums of accounts looked at",
          "sums of the past looked at",
          "syncs failed",
          "transfers done",
          "transfers refused",
          "v2 keys with a deadline",
          "v2 quorum reads",
          "v2 swaps done",
          "v2 swaps refused",
          "v2 writes acknowledged",
          "v3 events told",
          "v3 linearizable reads",
          "v3 watches begun again",
          "v3 watches told that they are too late",
          "v3 watches told how far they are",
          "v3 writes acknowledged",
          "v3 writes of unknown fate",
          "voters added",
          "writes cut short");

  @Test
  void nothingIsLostDoneTwiceOrSeenStale() {
    Long only = Long.getLong("seed");
    long first = only == null ? Long.getLong("from", 1) : only;
    long seeds = only == null ? Long.getLong("seeds", SEEDS) : 1;
    Tally tally = new Tally();
    for (long seed = first; seed < first + seeds; seed++) {
      try {
        new Run(seed, tally).go();
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError(
            "seed " + seed + ": run again with -Dtest=WholeMemberTest -Dseed=" + seed, failure);
      }
    }
    tally.add("seeds", seeds);
    System.out.print(tally);
    if (only == null) {
      assertEquals(List.of(), tally.missing(CLAIMED), "what never happened");
    }
  }

  private static final class Run {

    private static final int STRIKES = 40;

    private final RandomGenerator random;
    private final VirtualWorld world;
    private final SimulatedCluster cluster;
    private final Operator operator;
    private final Trouble trouble;
    private final List<Workload> workloads;
    private final Tally tally;
    private boolean loading = true;

    Run(long seed, Tally tally) {
      this.tally = tally;
      random = new SplittableRandom(seed);
      world = new VirtualWorld(random, 1_800_000_000_000_000_000L);
      cluster = new SimulatedCluster(world, random, tally, 3);
      operator = new Operator(cluster);
      trouble = new Trouble(cluster, operator);
      workloads =
          List.of(
              new RegisterWorkload(cluster),
              new TransferWorkload(cluster),
              new TreeWorkload(cluster),
              new WatchWorkload(cluster));
    }

    void go() {
      cluster.startAll();
      world.run(Duration.ofSeconds(3));
      load();
      for (int strike = 0; strike < STRIKES; strike++) {
        world.run(Duration.ofMillis(100 + random.nextInt(1_500)));
        trouble.strike();
        if (random.nextInt(3) == 0) {
          operator.step();
        }
      }
      trouble.end();
      loading = false;
      world.run(Duration.ofSeconds(20));
      judge();
      tally.add("events", world.handled());
      tally.add("snapshots delivered", cluster.network().snapshotsDelivered());
      tally.add("virtual seconds", world.monotonicNanos() / 1_000_000_000);
    }

    private void load() {
      world.after(
          random.nextInt(8_000_000),
          () -> {
            if (loading) {
              workloads.get(random.nextInt(workloads.size())).step();
              load();
            }
          });
    }

    private void judge() {
      cluster.retireOutsiders();
      List<SimulatedMember> members = cluster.members();
      assertTrue(
          members.stream().allMatch(SimulatedMember::isRunning), () -> "all are up: " + cluster);
      assertEquals(
          1,
          members.stream().map(SimulatedMember::position).distinct().count(),
          () -> "all are equally far: " + cluster);
      cluster.compareStates();
      workloads.forEach(Workload::judge);
    }
  }
}
