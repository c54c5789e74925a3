// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class GoLiteralsTest {

  @Test
  void durationsHaveUnits() {
    assertEquals(1_000_000_000L, GoLiterals.durationNanos("1s"));
    assertEquals(90_000_000_000L, GoLiterals.durationNanos("1m30s"));
    assertEquals(1_500_000L, GoLiterals.durationNanos("1.5ms"));
    assertEquals(-2_000L, GoLiterals.durationNanos("-2us"));
    assertEquals(1L, GoLiterals.durationNanos("1ns"));
    assertEquals(0L, GoLiterals.durationNanos("0"));
    assertEquals(3_600_000_000_000L, GoLiterals.durationNanos("+1h"));
  }

  @Test
  void whatIsNoDurationIsRefused() {
    for (String text : List.of("", "1", "abc", "s", "1x", "1s2", "-", ".s", "1..5s", "1e9s")) {
      assertFalse(GoLiterals.isDuration(text), text);
    }
    assertFalse(GoLiterals.isDuration("99999999999h"));
  }

  @Test
  void numbersMayBeHexadecimalOrOctal() {
    assertEquals(16, GoLiterals.number("0x10"));
    assertEquals(8, GoLiterals.number("010"));
    assertEquals(-5, GoLiterals.number("-5"));
    assertEquals(5, GoLiterals.number("+5"));
    assertEquals(Long.MIN_VALUE, GoLiterals.number("-9223372036854775808"));
    for (String text : List.of("", "-", "--5", "1.0", "09", "0x", "9223372036854775808", "5s")) {
      assertFalse(GoLiterals.isNumber(text), text);
    }
  }

  @Test
  void truthHasManySpellings() {
    for (String text : List.of("1", "t", "T", "true", "True", "TRUE")) {
      assertTrue(GoLiterals.isTrue(text) && GoLiterals.isBoolean(text), text);
    }
    for (String text : List.of("0", "f", "F", "false", "False", "FALSE")) {
      assertTrue(!GoLiterals.isTrue(text) && GoLiterals.isBoolean(text), text);
    }
    assertFalse(GoLiterals.isBoolean("yes"));
  }
}
