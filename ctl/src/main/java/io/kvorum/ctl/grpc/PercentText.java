// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The form in which gRPC sends texts in headers. */
final class PercentText {

  private PercentText() {}

  static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] source = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(source.length);
    for (int i = 0; i < source.length; i++) {
      int value = -1;
      if (source[i] == '%' && i + 2 < source.length) {
        int high = Character.digit(source[i + 1], 16);
        int low = Character.digit(source[i + 2], 16);
        value = high < 0 || low < 0 ? -1 : high << 4 | low;
      }
      decoded.write(value < 0 ? source[i] : value);
      i += value < 0 ? 0 : 2;
    }
    return decoded.toString(StandardCharsets.UTF_8);
  }
}
