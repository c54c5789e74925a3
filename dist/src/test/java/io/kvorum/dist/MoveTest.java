// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members of the other kind come while the cluster works, up to its whole replacement. */
class MoveTest {
  @TempDir private Path folder;

  @Test
  void aGenuineMemberJoinsOurCluster() {
    MixedCluster.play(folder, List.of(), cluster -> join(cluster, true));
  }

  @Test
  void oneOfOursJoinsAGenuineCluster() {
    MixedCluster.play(folder, List.of(), cluster -> join(cluster, false));
  }

  /** Two of one kind, then one of the other, which must take part in everything. */
  private static void join(MixedCluster cluster, boolean ours) {
    cluster.found(ours ? 2 : 0, ours ? 0 : 2);
    Seat first = cluster.seats().get(0);
    TreeWork.at(first.member(), "/before");
    Seat joined = cluster.join(!ours, first);
    TreeWork.at(joined.member(), "/joined");
    TreeComparison.requireEqual(cluster.members(), 100);
    cluster.elect(joined);
    cluster.seats().forEach(seat -> TreeWork.at(seat.member(), "/led/" + seat));
    TreeComparison.requireEqual(cluster.members(), 200);
  }

  @Test
  void aClusterMovesFromGenuineToOursAndBackUnderLoad() {
    MixedCluster.play(folder, List.of(), this::moveThereAndBack);
  }

  private void moveThereAndBack(MixedCluster cluster) {
    cluster.found(0, 3);
    TreeWork.at(cluster.members().get(0), "/before");
    V3Work v3 = new V3Work(folder);
    v3.at(cluster.seats().get(0), "before");
    Map<String, WriteLoad.Acknowledged> acknowledged;
    try (WriteLoad load = new WriteLoad(cluster.members(), 1)) {
      load.awaitProgress();
      for (boolean toOurs : List.of(true, false)) {
        for (Seat old : cluster.seats()) {
          replace(cluster, old, toOurs, load);
        }
      }
      acknowledged = load.stop();
      System.out.printf(
          "move: %d acknowledged writes, others: %s%n", acknowledged.size(), load.failures());
      assertEquals(List.of(), load.failuresWithoutLeaderChange(), "writes that failed");
    }
    TreeComparison.requireEqual(cluster.members(), 50);
    v3.requireEqual(cluster.seats());
    for (Seat seat : cluster.seats()) {
      Map<String, WriteLoad.Acknowledged> found = LoadedTree.at(seat.member());
      acknowledged.forEach((key, write) -> assertEquals(write, found.get(key), key + " " + seat));
    }
  }

  /** As an operator does it: clients leave the old member, it is removed, a new one is added. */
  private static void replace(MixedCluster cluster, Seat old, boolean byOurs, WriteLoad load) {
    load.retire(old.member());
    cluster.remove(old);
    load.awaitProgress();
    Seat fresh = cluster.join(byOurs, cluster.seats().get(0));
    load.admit(fresh.member());
    load.awaitProgress();
  }
}
