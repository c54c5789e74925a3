// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.base.Bytes;

/** Two hexadecimal digits of a percent escape. */
final class Hex {
  private Hex() {}

  /** The byte written at {@code at}, or -1 when there are no two hexadecimal digits. */
  static int pair(CharSequence text, int at) {
    if (at + 2 > text.length()) {
      return -1;
    }
    int high = digit(text.charAt(at));
    int low = digit(text.charAt(at + 1));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  /** The same of bytes. */
  static int pair(Bytes text, int at) {
    if (at + 2 > text.length()) {
      return -1;
    }
    int high = digit((char) text.at(at));
    int low = digit((char) text.at(at + 1));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static int digit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }
}
