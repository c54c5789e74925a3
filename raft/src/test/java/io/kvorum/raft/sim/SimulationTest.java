// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A thousand clusters in trouble; {@code -Dseeds} and {@code -DfirstSeed} choose others. */
class SimulationTest {

  private static final long ENOUGH_TO_SEE_EVERYTHING = 200;

  @Test
  void clustersStayConsistentInAnyTroubleAndRecoverFromIt() {
    long seeds = Long.getLong("seeds", 1_000);
    Counts counts = Simulation.runMany(Long.getLong("firstSeed", 1), seeds);
    System.out.print(counts.report());
    assertTrue(counts.virtualMicros >= seeds * 60 * World.SECONDS);
    if (seeds >= ENOUGH_TO_SEE_EVERYTHING) {
      assertEquals(List.of(), counts.neverSeen(), "claimed, but never seen");
    }
  }

  @Test
  void theSameSeedGivesTheSameLife() {
    assertEquals(Simulation.run(7).report(), Simulation.run(7).report());
  }
}
