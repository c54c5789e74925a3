// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class InflightsTest {

  @Test
  void behavesLikeAPlainQueue() {
    for (long seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int max = 1 + random.nextInt(40);
      Inflights inflights = new Inflights(max);
      ArrayDeque<Long> twin = new ArrayDeque<>();
      long index = 0;
      for (int step = 0; step < 300; step++) {
        if (random.nextInt(3) > 0 && twin.size() < max) {
          index += 1 + random.nextInt(3);
          inflights.add(index);
          twin.add(index);
        } else if (random.nextInt(20) == 0) {
          inflights.clear();
          twin.clear();
        } else {
          long answered = index - random.nextInt(10);
          inflights.freeTo(answered);
          twin.removeIf(end -> end <= answered);
        }
        assertEquals(twin.size(), inflights.count(), "seed " + seed + " step " + step);
        assertEquals(twin.size() == max, inflights.isFull(), "seed " + seed + " step " + step);
      }
    }
  }

  @Test
  void moreThanTheLimitIsABug() {
    Inflights inflights = new Inflights(1);
    inflights.add(1);
    assertThrows(BrokenInvariant.class, () -> inflights.add(2));
  }
}
