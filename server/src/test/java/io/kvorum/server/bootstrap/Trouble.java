// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.MemberId;
import io.kvorum.env.CrashDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Everything that happens to machines, disks, clocks and links, as a seed decides. */
final class Trouble {

  private static final Path LOG = Path.of("/data/member/wal");

  private final SimulatedCluster cluster;
  private final Operator operator;
  private final RandomGenerator random;
  private final Tally tally;

  Trouble(SimulatedCluster cluster, Operator operator) {
    this.cluster = cluster;
    this.operator = operator;
    random = cluster.random();
    tally = cluster.tally();
  }

  /** One piece of bad luck; links and disks get better now and then, too. */
  void strike() {
    if (random.nextInt(3) != 0) {
      cluster.network().heal();
    }
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> powerLoss(cluster.any());
      case 3 -> powerLossOfAll();
      case 4, 5 -> {
        cluster.network().cutSomething();
        tally.count("links cut");
      }
      case 6 -> pause(cluster.any());
      case 7 -> clockJump(cluster.any());
      case 8 -> slowDisk(cluster.any());
      case 9 -> badDisk(cluster.any());
      case 10 -> damage(cluster.any());
      default -> transferLeadership();
    }
  }

  private void powerLoss(SimulatedMember member) {
    if (member.isRunning()) {
      tally.count("power losses");
      cluster.crash(member);
      comeBack(member, 2_000);
    }
  }

  private void powerLossOfAll() {
    tally.count("power losses of all");
    for (SimulatedMember member : cluster.members()) {
      if (member.isRunning()) {
        cluster.crash(member);
        comeBack(member, 500);
      }
    }
  }

  private void comeBack(SimulatedMember member, int millisMax) {
    cluster
        .world()
        .after(
            Duration.ofMillis(random.nextInt(millisMax)).toNanos(),
            () -> {
              if (cluster.members().contains(member) && !member.isRunning()) {
                member.disk().faults().capacityBytes(Long.MAX_VALUE);
                cluster.start(member);
              }
            });
  }

  private void pause(SimulatedMember member) {
    if (member.isRunning()) {
      tally.count("members stopped and continued");
      member.running().machine().pause(Duration.ofMillis(100 + random.nextInt(4_000)));
    }
  }

  private void clockJump(SimulatedMember member) {
    tally.count("clock jumps");
    member.clock().jump(Duration.ofSeconds(random.nextInt(-3_600, 3_600)).toNanos());
  }

  private void slowDisk(SimulatedMember member) {
    if (member.isRunning()) {
      tally.count("slow disks");
      member.running().machine().slowDown("log", Duration.ofMillis(random.nextInt(200)));
    }
  }

  /**
   * The next sync or write fails, or there is no more room: the member must stop, and comes back.
   */
  private void badDisk(SimulatedMember member) {
    if (!member.isRunning()) {
      return;
    }
    cluster.tamper(member);
    CrashDisk.Faults faults = member.disk().faults();
    switch (random.nextInt(3)) {
      case 0 -> {
        tally.count("syncs failed");
        faults.failSync(1 + random.nextInt(20));
      }
      case 1 -> {
        tally.count("writes cut short");
        faults.shortWrite(1 + random.nextInt(20));
      }
      default -> {
        tally.count("disks full");
        faults.capacityBytes(member.disk().usedBytes() + random.nextInt(4_096));
      }
    }
    comeBack(member, 3_000);
  }

  /** A bit turns over in a part of the log that nothing is written to any more. */
  private void damage(SimulatedMember member) {
    if (cluster.isAnyDamaged() || cluster.votersToSpare() < 0 || !member.isRunning()) {
      return;
    }
    cluster.crash(member);
    try {
      List<String> segments =
          member.disk().list(LOG).stream().filter(name -> name.endsWith(".wal")).toList();
      if (segments.size() > 1) {
        Path segment = LOG.resolve(segments.get(segments.size() - 2));
        cluster.damage(member);
        member.disk().flipBit(segment, random.nextInt(8 * 4_096));
        tally.count("bits turned over");
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    comeBack(member, 500);
  }

  private void transferLeadership() {
    for (SimulatedMember member : cluster.members()) {
      if (member.isRunning()) {
        tally.count("leadership handed over");
        member.running().consensus().transferLeadership(new MemberId(cluster.any().id()));
      }
    }
  }

  /** Ends all trouble: disks are well, clocks right, whoever can not start is replaced. */
  void end() {
    cluster.network().calmDown();
    for (SimulatedMember member : cluster.members()) {
      member.clock().set(0);
      if (member.isRunning()) {
        cluster.crash(member);
      }
      member.disk().faults().heal();
    }
    cluster.startAll();
    for (int i = 0; i < 40 && cluster.isAnyLost(); i++) {
      cluster.world().run(Duration.ofSeconds(1));
      cluster.lost().forEach(operator::removeIfFree);
    }
    cluster.world().run(Duration.ofSeconds(5));
  }
}
