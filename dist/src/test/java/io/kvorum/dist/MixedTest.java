// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.harness.process.Signal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our members and genuine ones found a cluster together: each leads in turn, each takes every kind
 * of v2 write and some of v3, each is killed under load, and in the end all show the same.
 */
class MixedTest {
  @TempDir private Path folder;

  @Test
  void oneOfOursWorksWithTwoGenuineMembers() {
    play(1, 2);
  }

  @Test
  void twoOfOursWorkWithOneGenuineMember() {
    play(2, 1);
  }

  private void play(int ours, int genuine) {
    MixedCluster.play(
        folder,
        List.of(),
        cluster -> {
          cluster.found(ours, genuine);
          V3Work v3 = new V3Work(folder);
          for (Seat leader : cluster.seats()) {
            cluster.elect(leader);
            for (Seat seat : cluster.seats()) {
              TreeWork.at(seat.member(), "/%s-leads/%s".formatted(leader, seat));
              v3.at(seat, "%s-leads/%s".formatted(leader, seat));
            }
          }
          TreeComparison.requireEqual(cluster.members(), 300);
          v3.requireEqual(cluster.seats());
          killEach(cluster);
          TreeComparison.requireEqual(cluster.members(), 100);
          v3.requireEqual(cluster.seats());
        });
  }

  private static void killEach(MixedCluster cluster) {
    Map<String, WriteLoad.Acknowledged> acknowledged;
    try (WriteLoad load = new WriteLoad(cluster.members(), 1)) {
      load.awaitProgress();
      for (Seat seat : cluster.seats()) {
        seat.member().stop(Signal.KILL);
        load.awaitProgress();
        seat.member().start();
        seat.member().awaitReady(MixedCluster.READY);
        load.awaitProgress();
      }
      acknowledged = load.stop();
    }
    for (Seat seat : cluster.seats()) {
      Map<String, WriteLoad.Acknowledged> found = LoadedTree.at(seat.member());
      acknowledged.forEach((key, write) -> assertEquals(write, found.get(key), key + " " + seat));
    }
  }
}
