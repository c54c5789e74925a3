// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LatenciesTest {

  @Test
  void quantilesAreRightWithinTheWidthOfAClass() {
    Latencies latencies = new Latencies();
    for (long micros = 1; micros <= 100_000; micros++) {
      latencies.add(micros * 1_000);
    }
    assertEquals(100_000, latencies.count());
    assertEquals(50, latencies.millis(0.5), 50 * 0.02);
    assertEquals(99, latencies.millis(0.99), 99 * 0.02);
    assertEquals(100, latencies.millis(1), 100 * 0.02);
  }

  @Test
  void theShortestAndTheLongestHaveAClass() {
    Latencies latencies = new Latencies();
    assertEquals(0, latencies.millis(0.5));
    latencies.add(-5);
    latencies.add(0);
    latencies.add(31);
    assertEquals(31e-6, latencies.millis(1));
    latencies.add(Long.MAX_VALUE);
    assertEquals(Long.MAX_VALUE / 1e6, latencies.millis(1), Long.MAX_VALUE / 1e6 * 0.02);
  }
}
