// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kvorum.base.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines of a transaction, with the complaints of 3.4.23. */
class TxnLinesTest {

  @Test
  void comparesNameTargetKeyOperatorAndValue() throws CompareLine.Mistake {
    assertEquals(
        new CompareLine(2, 1, Bytes.utf8("foo"), 0, Bytes.EMPTY),
        CompareLine.parse("mod(\"foo\") > \"0\""));
    assertEquals(
        new CompareLine(3, 3, Bytes.utf8("a\nb"), 0, Bytes.utf8("x y")),
        CompareLine.parse("val(\"a\\nb\") != `x y`"));
    assertEquals(
        new CompareLine(4, 0, Bytes.utf8("k"), 0x1f, Bytes.EMPTY),
        CompareLine.parse("lease(\"k\") = \"1f\""));
    assertEquals(
        new CompareLine(3, 0, Bytes.wrap(new byte[] {(byte) 0xff}), 0, Bytes.utf8("é")),
        CompareLine.parse("value(\"\\xff\") = \"\\u00e9\""));
  }

  @Test
  void whatIsNoCompareIsToldAsFarAsItWasRead() {
    assertMistake("malformed comparison: foo = 1", "foo = 1");
    assertMistake(
        "malformed comparison: mod(\"foo\") < 99; got mod(\"foo\") < \"\"", "mod(\"foo\") < 99");
    assertMistake(
        "malformed comparison: val(\"foo\") != 'a'; got val(\"foo\") != \"\"",
        "val(\"foo\") != 'a'");
    assertMistake(
        "malformed comparison: bogus(\"foo\") = \"1\" (unknown target bogus)",
        "bogus(\"foo\") = \"1\"");
    assertMistake(
        "invalid txn compare request: create(\"foo\") = \"zz\"", "create(\"foo\") = \"zz\"");
  }

  private static void assertMistake(String text, String line) {
    assertEquals(
        text, assertThrows(CompareLine.Mistake.class, () -> CompareLine.parse(line)).getMessage());
  }

  @Test
  void quotedWordsHoldTogether() {
    assertEquals(List.of("put", "quoted key", "va l"), Words.split("put \"quoted key\" \"va l\""));
    assertEquals(List.of("put", "a'b", "c d"), Words.split("  put a'b 'c d'  "));
    assertEquals(List.of("put", "é\n", "--lease=5"), Words.split("put \"\\u00e9\\n\" --lease=5"));
    assertEquals(List.of(), Words.split("  "));
  }

  @Test
  void aPrefixEndsBehindItsLastKey() {
    assertEquals(Bytes.utf8("b"), KeySpan.prefixEnd(Bytes.utf8("a")));
    byte[] high = {'a', (byte) 0xff, (byte) 0xff};
    assertEquals(Bytes.utf8("b"), KeySpan.prefixEnd(Bytes.wrap(high)));
    assertEquals(KeySpan.ZERO, KeySpan.prefixEnd(Bytes.wrap(new byte[] {(byte) 0xff})));
    assertEquals(new KeySpan(KeySpan.ZERO, KeySpan.ZERO), KeySpan.prefix(Bytes.EMPTY));
  }
}
