// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import java.util.concurrent.TimeUnit;

/** The header {@code grpc-timeout}: at most eight digits and a unit. */
public final class GrpcTimeout {
  private static final int DIGITS_MAX = 8;

  private GrpcTimeout() {}

  /** The time in milliseconds, rounded up; -1 when {@code text} is none. */
  public static long millis(String text) {
    int digits = text.length() - 1;
    if (digits < 1 || digits > DIGITS_MAX) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < digits; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return switch (text.charAt(digits)) {
      case 'H' -> TimeUnit.HOURS.toMillis(value);
      case 'M' -> TimeUnit.MINUTES.toMillis(value);
      case 'S' -> TimeUnit.SECONDS.toMillis(value);
      case 'm' -> value;
      case 'u' -> Math.ceilDiv(value, 1_000L);
      case 'n' -> Math.ceilDiv(value, 1_000_000L);
      default -> -1;
    };
  }
}
