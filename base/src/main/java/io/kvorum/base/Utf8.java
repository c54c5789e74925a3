// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

/** What counts as UTF-8: the well-formed sequences of the Unicode standard, table 3-7. */
public final class Utf8 {

  private Utf8() {}

  /** Whether {@code text} is UTF-8 throughout. */
  public static boolean isValid(Bytes text) {
    int i = 0;
    while (i < text.length()) {
      int size = sequence(text, i);
      if (size == 0) {
        return false;
      }
      i += size;
    }
    return true;
  }

  /** The length, 1 to 4, of the sequence that starts at {@code at}; 0 when it is malformed. */
  public static int sequence(Bytes text, int at) {
    int first = text.at(at);
    if (first < 0x80) {
      return 1;
    }
    int size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (size == 0 || at + size > text.length() || !secondFits(first, text.at(at + 1))) {
      return 0;
    }
    for (int i = at + 2; i < at + size; i++) {
      if ((text.at(i) & 0xc0) != 0x80) {
        return 0;
      }
    }
    return size;
  }

  /** Rules out overlong forms, surrogates and what lies above U+10FFFF. */
  private static boolean secondFits(int first, int second) {
    int from = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int to = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    return second >= from && second <= to;
  }
}
