// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

/** Text as Go's {@code %q} shows it. */
public final class GoText {

  private GoText() {}

  /** The text in double quotes, with what cannot be printed escaped. */
  public static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2);
    appendQuoted(quoted, text);
    return quoted.toString();
  }

  static void appendQuoted(StringBuilder target, String text) {
    target.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> target.append('\\').append(c);
        case '\n' -> target.append("\\n");
        case '\r' -> target.append("\\r");
        case '\t' -> target.append("\\t");
        default -> {
          if (c < ' ' || c == 127) {
            target.append("\\x").append(Character.forDigit(c >> 4, 16));
            target.append(Character.forDigit(c & 15, 16));
          } else {
            target.append(c);
          }
        }
      }
    }
    target.append('"');
  }
}
