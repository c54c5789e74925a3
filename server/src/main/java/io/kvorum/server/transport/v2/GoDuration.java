// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

/** Durations as Go prints them. */
final class GoDuration {
  private static final long NANOS = 1_000_000_000L;

  private GoDuration() {}

  /** As {@code 1m6.35685064s}; what is below a second is a fraction of one. */
  static String text(long nanos) {
    long seconds = nanos / NANOS;
    var text = new StringBuilder();
    if (seconds >= 3600) {
      text.append(seconds / 3600).append('h');
    }
    if (seconds >= 60) {
      text.append(seconds % 3600 / 60).append('m');
    }
    text.append(seconds % 60);
    if (nanos % NANOS != 0) {
      text.append('.').append(Long.toString(NANOS + nanos % NANOS).substring(1));
      while (text.charAt(text.length() - 1) == '0') {
        text.setLength(text.length() - 1);
      }
    }
    return text.append('s').toString();
  }
}
