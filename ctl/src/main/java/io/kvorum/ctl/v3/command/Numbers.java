// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

/** Numbers in arguments, and what Go says about those that are none. */
final class Numbers {

  private Numbers() {}

  /** An argument that is no number. */
  static final class Mistake extends Exception {
    private Mistake(String message) {
      super(message, null, false, false);
    }
  }

  /** A signed number of 64 bits. */
  static long signed(String text, int radix) throws Mistake {
    try {
      if (text.startsWith("+") && text.startsWith("-", 1)) {
        throw new NumberFormatException(text);
      }
      return Long.parseLong(text, radix);
    } catch (NumberFormatException e) {
      throw mistake("ParseInt", text, radix);
    }
  }

  /** A number of 64 bits without sign. */
  static long unsigned(String text, int radix) throws Mistake {
    try {
      if (text.startsWith("+")) {
        throw new NumberFormatException(text);
      }
      return Long.parseUnsignedLong(text, radix);
    } catch (NumberFormatException e) {
      throw mistake("ParseUint", text, radix);
    }
  }

  private static Mistake mistake(String function, String text, int radix) {
    int from =
        function.equals("ParseInt") && (text.startsWith("-") || text.startsWith("+")) ? 1 : 0;
    boolean digits = text.length() > from;
    for (int i = from; i < text.length(); i++) {
      digits &= Character.digit(text.charAt(i), radix) >= 0;
    }
    String reason = digits ? "value out of range" : "invalid syntax";
    return new Mistake("strconv." + function + ": parsing \"" + text + "\": " + reason);
  }
}
