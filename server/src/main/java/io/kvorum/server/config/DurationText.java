// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go's flags take them: {@code 10m}, {@code 1h30m}, {@code 1.5s}. */
final class DurationText {

  private static final Pattern PART =
      Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(h|ms|us|ns|m|s)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "h", 3_600_000_000_000L,
          "m", 60_000_000_000L,
          "s", 1_000_000_000L,
          "ms", 1_000_000L,
          "us", 1_000L,
          "ns", 1L);

  private DurationText() {}

  /** What {@code text} says; empty when it is none, or negative, or longer than three years. */
  static Optional<Duration> parse(String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher parts = PART.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!parts.find(at) || parts.start() != at) {
        return Optional.empty();
      }
      BigDecimal unit = BigDecimal.valueOf(NANOS.getOrDefault(parts.group(2), 0L));
      nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(unit));
      at = parts.end();
    }
    boolean fits = at > 0 && nanos.compareTo(BigDecimal.valueOf(100_000_000_000_000_000L)) < 0;
    return fits
        ? Optional.of(Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact()))
        : Optional.empty();
  }
}
