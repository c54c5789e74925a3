// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import java.util.ArrayDeque;

/** The shortest equal path, and its escaped form, as Go's router makes them. */
final class PathCleaning {
  private static final String UNESCAPED = "-_.~$&+,/:;=@";

  private PathCleaning() {}

  static boolean isClean(String path) {
    if (!path.startsWith("/")) {
      return false;
    }
    for (int i = path.indexOf("/"); i >= 0; i = path.indexOf('/', i + 1)) {
      if (isOdd(path, i + 1)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the part that begins at {@code from} is empty (but not last), a dot or two dots. */
  private static boolean isOdd(String path, int from) {
    int end = path.indexOf('/', from);
    int length = (end < 0 ? path.length() : end) - from;
    return switch (length) {
      case 0 -> end >= 0;
      case 1 -> path.charAt(from) == '.';
      case 2 -> path.startsWith("..", from);
      default -> false;
    };
  }

  static String clean(String path) {
    var parts = new ArrayDeque<String>();
    for (var part : path.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    String clean = "/" + String.join("/", parts);
    return path.endsWith("/") && clean.length() > 1 ? clean + "/" : clean;
  }

  static String escape(String path) {
    var out = new StringBuilder(path.length() + 16);
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c < 128 && (Character.isLetterOrDigit(c) || UNESCAPED.indexOf(c) >= 0)) {
        out.append(c);
      } else {
        out.append('%')
            .append(Character.toUpperCase(Character.forDigit(c >> 4 & 0xf, 16)))
            .append(Character.toUpperCase(Character.forDigit(c & 0xf, 16)));
      }
    }
    return out.toString();
  }
}
