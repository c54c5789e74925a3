// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.env.VirtualWorld;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How long a removed member stays; what it is good for is the story of a removed leader of two. */
class FarewellTest {

  private final VirtualWorld world = new VirtualWorld(new SplittableRandom(1), 0);
  private final AtomicInteger left = new AtomicInteger();
  private final Farewell farewell = new Farewell(world.new Machine(), left::incrementAndGet);

  @Test
  void theLastOfAllLeavesSoon() {
    farewell.begin(false);
    world.run(Farewell.GRACE.minusMillis(1));
    assertEquals(0, left.get());
    world.run(Duration.ofMillis(2));
    assertEquals(1, left.get());
  }

  @Test
  void oneWhoLeavesOthersBehindStaysUntilTheyKnowButNotForEver() {
    farewell.begin(true);
    world.run(Farewell.PATIENCE.minusMillis(1));
    assertEquals(0, left.get());
    world.run(Duration.ofMillis(2));
    assertEquals(1, left.get());
  }

  @Test
  void furtherChangesDoNotShortenTheStay() {
    farewell.begin(true);
    farewell.begin(false);
    world.run(Farewell.PATIENCE.minusMillis(1));
    assertEquals(0, left.get());
  }
}
