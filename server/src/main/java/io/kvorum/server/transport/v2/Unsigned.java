// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import java.util.Optional;

/** Unsigned 64-bit numbers as Go reads them: digits only, no sign. */
final class Unsigned {
  private Unsigned() {}

  static Optional<Long> decimal(String text) {
    return parse(text, 10);
  }

  static Optional<Long> hex(String text) {
    return parse(text, 16);
  }

  private static Optional<Long> parse(String text, int radix) {
    if (text.isEmpty() || text.charAt(0) == '+') {
      return Optional.empty();
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 128 || Character.digit(text.charAt(i), radix) < 0) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(Long.parseUnsignedLong(text, radix));
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }
}
