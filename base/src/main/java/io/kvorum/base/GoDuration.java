// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

/** Durations in the notation of Go's standard library. */
public final class GoDuration {

  private GoDuration() {}

  /**
   * A duration such as {@code 1m30s}, {@code 500ms} or {@code -1.5h}, in nanoseconds. A bare number
   * other than 0 has no unit and is refused.
   *
   * @throws NumberFormatException when it is none or does not fit
   */
  public static long nanos(String text) {
    int at = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
    String rest = text.substring(at);
    if (rest.equals("0")) {
      return 0;
    }
    if (rest.isEmpty()) {
      throw new NumberFormatException(text);
    }
    double nanos = 0;
    int position = 0;
    while (position < rest.length()) {
      int numberEnd = spanOf(rest, position, true);
      int unitEnd = spanOf(rest, numberEnd, false);
      double count = Double.parseDouble(rest.substring(position, numberEnd));
      nanos += count * nanosOf(rest.substring(numberEnd, unitEnd), text);
      position = unitEnd;
    }
    if (nanos > Long.MAX_VALUE) {
      throw new NumberFormatException(text);
    }
    return text.startsWith("-") ? -(long) nanos : (long) nanos;
  }

  /** The end of the run of number characters, or of all others, that starts at a position. */
  private static int spanOf(String text, int from, boolean number) {
    int end = from;
    while (end < text.length() && isNumberPart(text.charAt(end)) == number) {
      end++;
    }
    return end;
  }

  private static boolean isNumberPart(char c) {
    return c == '.' || (c >= '0' && c <= '9');
  }

  private static double nanosOf(String unit, String whole) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "\u00b5s", "\u03bcs" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      case "h" -> 3600e9;
      default -> throw new NumberFormatException(whole);
    };
  }
}
