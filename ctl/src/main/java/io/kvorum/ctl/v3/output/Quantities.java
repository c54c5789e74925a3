// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.output;

/** Sizes and times as Go programs show them. */
public final class Quantities {

  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000_000_000;

  private Quantities() {}

  /** A size in decimal units, with one digit behind the point below ten: {@code 25 kB}. */
  public static String bytes(long bytes) {
    if (bytes < 10) {
      return bytes + " B";
    }
    int unit = 0;
    double value = bytes;
    while (value >= 1000 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    long tenths = (long) Math.floor(value * 10 + 0.5);
    String number =
        tenths < 100
            ? tenths / 10 + "." + tenths % 10
            : Long.toString((long) Math.rint(tenths / 10.0));
    return number + " " + UNITS[unit];
  }

  /** A duration in its largest unit below an hour, without superfluous zeros: {@code 1.6157ms}. */
  public static String nanos(long nanos) {
    if (nanos < MICRO) {
      return nanos == 0 ? "0s" : nanos + "ns";
    }
    if (nanos < MILLI) {
      return decimal(nanos, MICRO, 3) + "µs";
    }
    if (nanos < SECOND) {
      return decimal(nanos, MILLI, 6) + "ms";
    }
    long minutes = nanos / (60 * SECOND);
    String seconds = decimal(nanos - minutes * 60 * SECOND, SECOND, 9) + "s";
    if (minutes == 0) {
      return seconds;
    }
    return (minutes >= 60 ? minutes / 60 + "h" : "") + minutes % 60 + "m" + seconds;
  }

  private static String decimal(long nanos, long unit, int places) {
    String fraction = Long.toString(unit + nanos % unit).substring(1);
    int end = places;
    while (end > 0 && fraction.charAt(end - 1) == '0') {
      end--;
    }
    return nanos / unit + (end == 0 ? "" : "." + fraction.substring(0, end));
  }
}
