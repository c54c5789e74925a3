// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.cli;

import io.kvorum.base.GoDuration;

/** Numbers, switches and durations in the notation of Go's standard library. */
public final class GoLiterals {

  private GoLiterals() {}

  /** Whether the text is one of Go's spellings of a truth value. */
  public static boolean isBoolean(String text) {
    return isTrue(text)
        || switch (text) {
          case "0", "f", "F", "FALSE", "false", "False" -> true;
          default -> false;
        };
  }

  /** Whether the text is one of Go's spellings of true. */
  public static boolean isTrue(String text) {
    return switch (text) {
      case "1", "t", "T", "TRUE", "true", "True" -> true;
      default -> false;
    };
  }

  static boolean isNumber(String text) {
    try {
      long unused = number(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /**
   * A signed 64-bit integer; a leading {@code 0x} makes it hexadecimal, a leading {@code 0} octal.
   *
   * @throws NumberFormatException when it is none
   */
  public static long number(String text) {
    int start = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
    String sign = text.startsWith("-") ? "-" : "";
    String digits = text.substring(start);
    int radix = 10;
    if (digits.startsWith("0x") || digits.startsWith("0X")) {
      radix = 16;
      digits = digits.substring(2);
    } else if (digits.length() > 1 && digits.charAt(0) == '0') {
      radix = 8;
      digits = digits.substring(1);
    }
    if (digits.isEmpty() || Character.digit(digits.charAt(0), radix) < 0) {
      throw new NumberFormatException(text);
    }
    return Long.parseLong(sign + digits, radix);
  }

  static boolean isDuration(String text) {
    try {
      long unused = durationNanos(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /**
   * A duration such as {@code 1m30s}, {@code 500ms} or {@code -1.5h}, in nanoseconds. A bare number
   * other than 0 has no unit and is refused.
   *
   * @throws NumberFormatException when it is none or does not fit
   */
  public static long durationNanos(String text) {
    return GoDuration.nanos(text);
  }
}
