// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

/** Text of protocols, where a locale's rules have no place. */
final class AsciiText {

  private AsciiText() {}

  /** Capitals A to Z made small, everything else as it is. */
  static String lowerCase(String text) {
    char[] lower = text.toCharArray();
    for (int i = 0; i < lower.length; i++) {
      char c = lower[i];
      if (c >= 'A' && c <= 'Z') {
        lower[i] = (char) (c + ('a' - 'A'));
      }
    }
    return new String(lower);
  }
}
