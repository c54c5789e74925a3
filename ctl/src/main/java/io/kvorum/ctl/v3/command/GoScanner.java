// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Reads Go's string literals and words from a line. */
final class GoScanner {

  private final String line;
  private int at;
  private boolean failed;

  GoScanner(String line, int from) {
    this.line = line;
    this.at = from;
  }

  /** Whether something was not there that should have been. */
  boolean failed() {
    return failed;
  }

  /** Where reading goes on. */
  int position() {
    return at;
  }

  boolean skip(char c) {
    if (at < line.length() && line.charAt(at) == c) {
      at++;
      return true;
    }
    failed = true;
    return false;
  }

  private void skipBlanks() {
    while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
      at++;
    }
  }

  /** The next run of characters without blanks. */
  String word() {
    int before = at;
    skipBlanks();
    int from = at;
    while (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
      at++;
    }
    failed |= before == from || from == at;
    return failed ? "" : line.substring(from, at);
  }

  /** A literal in double or back quotes; nothing, and a failure, when there is none. */
  Bytes quoted() {
    skipBlanks();
    if (at < line.length() && line.charAt(at) == '`') {
      int end = line.indexOf('`', at + 1);
      if (end > 0) {
        String text = line.substring(at + 1, end);
        at = end + 1;
        return Bytes.utf8(text);
      }
    } else if (at < line.length() && line.charAt(at) == '"') {
      at++;
      return interpreted();
    }
    failed = true;
    return Bytes.EMPTY;
  }

  private Bytes interpreted() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    while (at < line.length()) {
      int c = line.codePointAt(at);
      at += Character.charCount(c);
      if (c == '"') {
        return Bytes.wrap(text.toByteArray());
      }
      if (c != '\\') {
        put(text, c);
      } else if (at == line.length() || !escape(text)) {
        break;
      }
    }
    failed = true;
    return Bytes.EMPTY;
  }

  private boolean escape(ByteArrayOutputStream text) {
    char c = line.charAt(at++);
    switch (c) {
      case 'a' -> text.write(7);
      case 'b' -> text.write('\b');
      case 'f' -> text.write('\f');
      case 'n' -> text.write('\n');
      case 'r' -> text.write('\r');
      case 't' -> text.write('\t');
      case 'v' -> text.write(11);
      case '\\', '"' -> text.write(c);
      case 'x' -> {
        int value = digits(2, 16);
        text.write(value);
        return value >= 0;
      }
      case 'u', 'U' -> {
        int value = digits(c == 'u' ? 4 : 8, 16);
        if (value < 0 || !Character.isValidCodePoint(value)) {
          return false;
        }
        put(text, value);
      }
      default -> {
        at--;
        int value = c >= '0' && c <= '7' ? digits(3, 8) : -1;
        text.write(value);
        return value >= 0 && value < 256;
      }
    }
    return true;
  }

  private int digits(int count, int radix) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      int digit = at < line.length() ? Character.digit(line.charAt(at++), radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value;
  }

  private static void put(ByteArrayOutputStream text, int c) {
    byte[] utf8 = new String(Character.toChars(c)).getBytes(StandardCharsets.UTF_8);
    text.write(utf8, 0, utf8.length);
  }
}
