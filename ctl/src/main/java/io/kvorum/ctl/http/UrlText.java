// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Escaping and cleaning of URL parts as Go's {@code net/url} and {@code path} do it. */
public final class UrlText {

  private static final String HEX = "0123456789ABCDEF";

  /** Besides letters, digits and {@code -_.~}, these stay as they are in a path. */
  private static final String PATH_PLAIN = "$&+,/:;=@";

  private UrlText() {}

  /** Percent-encodes what may not stand in a path; slashes stay. */
  public static String escapePath(String path) {
    return escape(path, PATH_PLAIN, "%20");
  }

  /** Percent-encodes a form name or value, space as {@code +}. */
  public static String escapeForm(String value) {
    return escape(value, "", "+");
  }

  private static String escape(String text, String plain, String space) {
    if (isAllPlain(text, plain)) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      if (isPlain(c, plain)) {
        escaped.append(c);
      } else if (c == ' ') {
        escaped.append(space);
      } else {
        escaped.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return escaped.toString();
  }

  private static boolean isAllPlain(String text, String plain) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i), plain)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlain(char c, String plain) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.'
        || c == '~'
        || plain.indexOf(c) >= 0;
  }

  /**
   * The shortest equal path: double slashes, {@code .} and {@code ..} resolved, never above the
   * root; it starts with a slash, and ends with one if the original did.
   */
  public static String cleanPath(String path) {
    List<String> kept = new ArrayList<>();
    int start = 0;
    while (start <= path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      String part = path.substring(start, end);
      if (part.equals("..")) {
        if (!kept.isEmpty()) {
          kept.remove(kept.size() - 1);
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        kept.add(part);
      }
      start = end + 1;
    }
    StringBuilder clean = new StringBuilder(path.length() + 1);
    for (String part : kept) {
      clean.append('/').append(part);
    }
    if (clean.isEmpty() || path.endsWith("/")) {
      clean.append('/');
    }
    return clean.toString();
  }
}
