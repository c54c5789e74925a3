// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.output;

import io.kvorum.base.Bytes;
import java.nio.charset.StandardCharsets;

/** Bytes as a Go string literal in double quotes. */
public final class GoQuote {

  private GoQuote() {}

  /** The literal; what is not UTF-8 or can not be printed is escaped. */
  public static String of(Bytes bytes) {
    StringBuilder text = new StringBuilder(bytes.length() + 2).append('"');
    byte[] source = bytes.toArray();
    int at = 0;
    while (at < source.length) {
      int length = sequenceLength(source, at);
      if (length == 0) {
        hex(text, source[at++]);
        continue;
      }
      append(text, new String(source, at, length, StandardCharsets.UTF_8).codePointAt(0));
      at += length;
    }
    return text.append('"').toString();
  }

  /** How many bytes the character takes that begins there; 0 when none does. */
  private static int sequenceLength(byte[] source, int at) {
    int first = source[at] & 0xff;
    int length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first > 0xf4 || at + length > source.length) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((source[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    int second = length > 1 ? source[at + 1] & 0xff : 0;
    boolean overlong = first == 0xe0 && second < 0xa0 || first == 0xf0 && second < 0x90;
    boolean outside = first == 0xed && second > 0x9f || first == 0xf4 && second > 0x8f;
    return overlong || outside ? 0 : length;
  }

  private static void append(StringBuilder text, int c) {
    switch (c) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case 7 -> text.append("\\a");
      case '\b' -> text.append("\\b");
      case '\f' -> text.append("\\f");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      case 11 -> text.append("\\v");
      default -> {
        if (isPrintable(c)) {
          text.appendCodePoint(c);
        } else if (c < ' ' || c == 127) {
          hex(text, (byte) c);
        } else {
          text.append(c < 0x10000 ? "\\u" : "\\U");
          for (int shift = c < 0x10000 ? 12 : 28; shift >= 0; shift -= 4) {
            text.append(Character.forDigit(c >> shift & 15, 16));
          }
        }
      }
    }
  }

  private static boolean isPrintable(int c) {
    if (c < 127) {
      return c >= ' ';
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static void hex(StringBuilder text, byte value) {
    text.append("\\x");
    HexText.digits(text, value);
  }
}
