// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Signal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member changes its program and stays the same member, with its data directory. */
class TakeOverTest {
  @TempDir private Path folder;

  @Test
  void aGenuineDirectoryBecomesOursAndAGenuineOneAgain() {
    MixedCluster.play(folder, List.of("--snapshot-count", "50"), this::changeTwice);
  }

  private void changeTwice(MixedCluster cluster) {
    cluster.found(0, 3);
    V3Work v3 = new V3Work(folder);
    for (Seat seat : cluster.seats()) {
      TreeWork.at(seat.member(), "/genuine/" + seat);
      v3.at(seat, "genuine/" + seat);
    }
    for (Seat old : cluster.seats()) {
      old.member().stop(Signal.TERM);
      Seat ours = cluster.handOver(old, old.name() + ".etcd");
      TreeWork.at(ours.member(), "/ours/" + ours);
      v3.at(ours, "ours/" + ours);
      TreeComparison.requireEqual(cluster.members(), 100);
      v3.requireEqual(cluster.seats());
    }
    for (Seat old : cluster.seats()) {
      old.member().stop(Signal.TERM);
      export(old);
      Seat genuine = cluster.handOver(old, old.name() + ".exported");
      TreeWork.at(genuine.member(), "/again/" + genuine);
      v3.at(genuine, "again/" + genuine);
      TreeComparison.requireEqual(cluster.members(), 100);
      v3.requireEqual(cluster.seats());
    }
  }

  private void export(Seat seat) {
    Path etcdutl = seat.programs().etcd().resolveSibling("etcdutl");
    CommandResult result =
        new Commands(List.of(), Map.of(), folder)
            .run(
                etcdutl.toString(),
                "export",
                "--data-dir",
                seat.name() + ".etcd",
                "--output",
                seat.name() + ".exported");
    assertEquals(0, result.exit(), result.output());
  }
}
