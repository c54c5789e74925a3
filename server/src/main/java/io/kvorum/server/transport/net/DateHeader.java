// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.env.Clock;
import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of the {@code Date} header, formatted once a second. Callable from any thread. */
public final class DateHeader {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Clock clock;
  private volatile Value latest = new Value(Long.MIN_VALUE, "");

  public DateHeader(Clock clock) {
    this.clock = clock;
  }

  private record Value(long second, CharSequence text) {}

  /** The header's value now; made anew once a second. Any thread. */
  public CharSequence now() {
    long second = Math.floorDiv(clock.unixNanos(), 1_000_000_000L);
    Value value = latest;
    if (value.second() != second) {
      var text = FORMAT.format(Instant.ofEpochSecond(second));
      value = new Value(second, HttpHeaders.createOptimized(text));
      latest = value;
    }
    return value.text();
  }
}
