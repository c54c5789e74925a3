// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GoTimeTest {

  @Test
  void trailingZerosOfTheFractionAreCut() {
    assertEquals("2023-11-14T22:13:20Z", GoTime.format(1_700_000_000_000_000_000L));
    assertEquals("2023-11-14T22:13:20.5Z", GoTime.format(1_700_000_000_500_000_000L));
    assertEquals("2023-11-14T22:13:20.000000001Z", GoTime.format(1_700_000_000_000_000_001L));
    assertEquals("1969-12-31T23:59:59.999999999Z", GoTime.format(-1));
  }

  @Test
  void anyOffsetIsRead() {
    assertEquals(1_700_000_000_500_000_000L, GoTime.parse("2023-11-15T00:13:20.5+02:00"));
    assertEquals(-1, GoTime.parse(GoTime.format(-1)));
    assertEquals(Long.MAX_VALUE, GoTime.parse(GoTime.format(Long.MAX_VALUE)));
  }
}
