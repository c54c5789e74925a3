// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Moments as Go writes them in JSON: RFC 3339, the fraction without trailing zeros. */
public final class GoTime {

  private static final long NANOS = 1_000_000_000L;
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  private GoTime() {}

  /** {@code unixNanos} in UTC, e.g. {@code 2026-01-01T00:00:00.5Z}. */
  public static String format(long unixNanos) {
    StringBuilder text = new StringBuilder(30);
    SECONDS.formatTo(Instant.ofEpochSecond(Math.floorDiv(unixNanos, NANOS)), text);
    long fraction = Math.floorMod(unixNanos, NANOS);
    if (fraction != 0) {
      text.append('.').append(Long.toString(NANOS + fraction).substring(1));
      while (text.charAt(text.length() - 1) == '0') {
        text.setLength(text.length() - 1);
      }
    }
    return text.append('Z').toString();
  }

  /**
   * The Unix nanoseconds of an RFC 3339 text of any offset.
   *
   * @throws DateTimeException when it is none
   * @throws ArithmeticException when it is out of the range of a long (years 1678 to 2261)
   */
  public static long parse(String text) {
    Instant instant = OffsetDateTime.parse(text).toInstant();
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), NANOS), (long) instant.getNano());
  }
}
