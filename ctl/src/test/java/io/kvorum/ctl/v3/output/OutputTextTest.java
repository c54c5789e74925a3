// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.base.Bytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Bytes, sizes, times and tables in the forms of Go programs. */
class OutputTextTest {

  @Test
  void bytesAreQuotedAsGoQuotesThem() {
    assertEquals("\"\\x01\\x02é\"", GoQuote.of(Bytes.utf8("\u0001\u0002é")));
    assertEquals("\"a\\\"b\\\\\\n\\t\\x7f\"", GoQuote.of(Bytes.utf8("a\"b\\\n\t\u007f")));
    assertEquals(
        "\"\\u00a0\\u200b\\U000e0001\"", GoQuote.of(Bytes.utf8("\u00a0\u200b\udb40\udc01")));
    byte[] broken = {'x', (byte) 0xff, (byte) 0xc3, (byte) 0xed, (byte) 0xa0, (byte) 0x80};
    assertEquals("\"x\\xff\\xc3\\xed\\xa0\\x80\"", GoQuote.of(Bytes.wrap(broken)));
    assertEquals("\"😀\"", GoQuote.of(Bytes.wrap("😀".getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void sizesAreDecimalWithTwoDigits() {
    assertEquals("0 B", Quantities.bytes(0));
    assertEquals("9 B", Quantities.bytes(9));
    assertEquals("999 B", Quantities.bytes(999));
    assertEquals("1.0 kB", Quantities.bytes(1000));
    assertEquals("25 kB", Quantities.bytes(24_576));
    assertEquals("20 kB", Quantities.bytes(20_480));
    assertEquals("2.1 GB", Quantities.bytes(2_147_483_648L));
    assertEquals("8.2 kB", Quantities.bytes(8192));
  }

  @Test
  void timesAreInTheirLargestUnit() {
    assertEquals("0s", Quantities.nanos(0));
    assertEquals("999ns", Quantities.nanos(999));
    assertEquals("1.5µs", Quantities.nanos(1500));
    assertEquals("1.6157ms", Quantities.nanos(1_615_700));
    assertEquals("1.001372902s", Quantities.nanos(1_001_372_902));
    assertEquals("5s", Quantities.nanos(5_000_000_000L));
    assertEquals("2m0.5s", Quantities.nanos(120_500_000_000L));
    assertEquals("1h1m1s", Quantities.nanos(3_661_000_000_000L));
  }
}
