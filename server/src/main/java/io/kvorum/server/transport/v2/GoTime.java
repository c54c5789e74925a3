// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Moments and durations as Go prints them. */
final class GoTime {
  private static final long NANOS = 1_000_000_000L;
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  private GoTime() {}

  /** RFC 3339 in UTC, nanoseconds without trailing zeros. */
  static String rfc3339(long unixNanos) {
    var seconds = Math.floorDiv(unixNanos, NANOS);
    return SECONDS.format(Instant.ofEpochSecond(seconds))
        + fraction(Math.floorMod(unixNanos, NANOS))
        + "Z";
  }

  /** A duration of at least a second, as {@code 1m6.35685064s}; shorter ones in seconds too. */
  static String duration(long nanos) {
    long seconds = nanos / NANOS;
    var text = new StringBuilder();
    if (seconds >= 3600) {
      text.append(seconds / 3600).append('h');
    }
    if (seconds >= 60) {
      text.append(seconds % 3600 / 60).append('m');
    }
    return text.append(seconds % 60).append(fraction(nanos % NANOS)).append('s').toString();
  }

  private static String fraction(long nanos) {
    if (nanos == 0) {
      return "";
    }
    String digits = Long.toString(NANOS + nanos).substring(1);
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return "." + digits.substring(0, end);
  }
}
