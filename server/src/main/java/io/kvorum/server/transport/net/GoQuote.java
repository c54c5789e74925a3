// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

/** Text in double quotes as Go prints it in error messages. */
public final class GoQuote {
  private GoQuote() {}

  /** Quotes {@code text}, one char per byte: what is not printable ASCII becomes an escape. */
  public static String quote(String text) {
    var out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c >= 0x20 && c < 0x7f) {
            out.append(c);
          } else {
            out.append("\\x")
                .append(Character.forDigit(c >> 4 & 0xf, 16))
                .append(Character.forDigit(c & 0xf, 16));
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
