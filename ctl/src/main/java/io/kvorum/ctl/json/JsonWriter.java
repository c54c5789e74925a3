// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.json;

/** Writes JSON text as Go's encoder does: no spaces, {@code < > &} and line separators escaped. */
public final class JsonWriter {

  private static final String HEX = "0123456789abcdef";

  private JsonWriter() {}

  /** Appends a string with its quotes. */
  public static void appendText(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> appendPlain(json, c);
      }
    }
    json.append('"');
  }

  private static void appendPlain(StringBuilder json, char c) {
    if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
      json.append("\\u");
      for (int shift = 12; shift >= 0; shift -= 4) {
        json.append(HEX.charAt((c >> shift) & 15));
      }
    } else {
      json.append(c);
    }
  }
}
