// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.output;

import io.kvorum.base.Bytes;

/** Numbers and bytes in hexadecimal, in the forms of etcdctl. */
public final class HexText {

  private static final int ID_DIGITS = 16;

  private HexText() {}

  /** Each byte as {@code \x} and two digits. */
  static String escaped(Bytes bytes) {
    StringBuilder text = new StringBuilder(bytes.length() * 4);
    for (int i = 0; i < bytes.length(); i++) {
      text.append("\\x");
      digits(text, bytes.at(i));
    }
    return text.toString();
  }

  static void digits(StringBuilder text, int value) {
    text.append(Character.forDigit(value >> 4 & 15, 16));
    text.append(Character.forDigit(value & 15, 16));
  }

  /** A lease's id: 16 digits, with zeros in front. */
  public static String lease(long id) {
    return padded(id, '0');
  }

  /** A number of 16 places, with that in front. */
  public static String padded(long id, char filler) {
    String digits = Long.toHexString(id);
    StringBuilder text = new StringBuilder(ID_DIGITS);
    for (int i = digits.length(); i < ID_DIGITS; i++) {
      text.append(filler);
    }
    return text.append(digits).toString();
  }
}
