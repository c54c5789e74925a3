// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes compact JSON byte for byte as Go's encoder does, into a growing buffer.
 *
 * <p>Why not a library: members of a cluster compare such bytes (bootstrap entries, attributes in
 * the log), so the escapes must be Go's: {@code < > &} and U+2028/2029 as {@code \}{@code u00..}
 * forms, other control characters as lower-case hex, each byte that is not UTF-8 as {@code \}{@code
 * ufffd}, everything else as it is. Commas are placed by the writer; the caller keeps begin and end
 * balanced. Not thread-safe.
 *
 * <p>Source: recorded behaviour of etcd 2.3.7 and 3.4 (answers, entries, snapshots).
 */
public final class GoJson {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};
  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
  private static final int DIGITS_MAX = 19;

  /** Which bytes stay as they are. */
  private static final boolean[] PLAIN = plain();

  private static final byte[] REPLACEMENT = {'\\', 'u', 'f', 'f', 'f', 'd'};

  private byte[] buffer;
  private int length;
  private boolean comma;

  public GoJson() {
    this(256);
  }

  /** A writer whose buffer starts with room for {@code bytes}. */
  public GoJson(int bytes) {
    buffer = new byte[Math.max(bytes, 16)];
  }

  public GoJson beginObject() {
    return begin('{');
  }

  public GoJson endObject() {
    return end('}');
  }

  public GoJson beginArray() {
    return begin('[');
  }

  public GoJson endArray() {
    return end(']');
  }

  /** The name of the next member of an object. */
  public GoJson name(String name) {
    value(name);
    put(':');
    comma = false;
    return this;
  }

  /** The name of the next member of an object, as raw text. */
  public GoJson name(Bytes name) {
    value(name);
    put(':');
    comma = false;
    return this;
  }

  public GoJson value(String text) {
    separate();
    room(text.length() + 2);
    int start = length;
    buffer[length++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isPlain(c)) {
        length = start;
        return quoted(Bytes.utf8(text));
      }
      buffer[length++] = (byte) c;
    }
    put('"');
    comma = true;
    return this;
  }

  /** Bytes as a string; what is not UTF-8 becomes U+FFFD escapes. */
  public GoJson value(Bytes text) {
    separate();
    return quoted(text);
  }

  private GoJson quoted(Bytes text) {
    room(text.length() + 2);
    put('"');
    escape(text);
    put('"');
    comma = true;
    return this;
  }

  public GoJson value(long number) {
    if (number < 0) {
      return raw(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
    }
    separate();
    room(DIGITS_MAX);
    int digits = 1;
    for (long rest = number / 10; rest != 0; rest /= 10) {
      digits++;
    }
    long rest = number;
    for (int at = length + digits - 1; at >= length; at--) {
      buffer[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    comma = true;
    return this;
  }

  /** {@code number} as an unsigned decimal of up to 20 digits: ids and indexes. */
  public GoJson unsigned(long number) {
    return raw(Long.toUnsignedString(number).getBytes(StandardCharsets.US_ASCII));
  }

  /** A finite number in Go's shortest form. */
  public GoJson value(double number) {
    return raw(goText(number).getBytes(StandardCharsets.US_ASCII));
  }

  public GoJson value(boolean value) {
    return raw(value ? TRUE : FALSE);
  }

  public GoJson nil() {
    return raw(NULL);
  }

  /** An array of strings. */
  public GoJson strings(Iterable<String> values) {
    beginArray();
    values.forEach(this::value);
    return endArray();
  }

  /** A line feed after a whole value; the next value starts without a comma. */
  public GoJson newline() {
    put('\n');
    comma = false;
    return this;
  }

  public int length() {
    return length;
  }

  /** What was written since the start or the last {@link #drainTo}. */
  public Bytes toBytes() {
    return Bytes.wrap(Arrays.copyOf(buffer, length));
  }

  /** Moves what was written so far to {@code target}, so that a long text needs little memory. */
  public void drainTo(OutputStream target) throws IOException {
    target.write(buffer, 0, length);
    length = 0;
  }

  @Override
  public String toString() {
    return new String(buffer, 0, length, StandardCharsets.UTF_8);
  }

  private GoJson begin(char bracket) {
    separate();
    put(bracket);
    comma = false;
    return this;
  }

  private GoJson end(char bracket) {
    put(bracket);
    comma = true;
    return this;
  }

  private GoJson raw(byte[] text) {
    separate();
    put(text);
    comma = true;
    return this;
  }

  private void separate() {
    if (comma) {
      put(',');
    }
  }

  private void escape(Bytes text) {
    int i = 0;
    while (i < text.length()) {
      int plain = plainUntil(text, i);
      if (plain > i) {
        room(plain - i);
        text.slice(i, plain).copyTo(buffer, length);
        length += plain - i;
        i = plain;
        continue;
      }
      int b = text.at(i);
      if (b < 0x80) {
        escapeAscii(b);
        i++;
        continue;
      }
      int size = Utf8.sequence(text, i);
      if (size == 0) {
        put(REPLACEMENT);
        i++;
      } else {
        sequence(text, i, size);
        i += size;
      }
    }
  }

  /** Where the run of characters that stay as they are, from {@code from} on, ends. */
  private static int plainUntil(Bytes text, int from) {
    byte[] array = text.array();
    int i = text.offset() + from;
    int end = text.offset() + text.length();
    while (i < end && PLAIN[array[i] & 0xff]) {
      i++;
    }
    return i - text.offset();
  }

  private static boolean isPlain(int c) {
    return c < 0x80 && PLAIN[c];
  }

  private static boolean[] plain() {
    boolean[] plain = new boolean[256];
    for (int b = 0x20; b < 0x80; b++) {
      plain[b] = "\"\\<>&".indexOf(b) < 0;
    }
    return plain;
  }

  private void escapeAscii(int b) {
    switch (b) {
      case '"', '\\' -> put('\\', b);
      case '\n' -> put('\\', 'n');
      case '\r' -> put('\\', 'r');
      case '\t' -> put('\\', 't');
      default -> put('\\', 'u', '0', '0', HEX[b >> 4], HEX[b & 0xf]);
    }
  }

  private void sequence(Bytes text, int at, int size) {
    boolean separator =
        size == 3
            && text.at(at) == 0xe2
            && text.at(at + 1) == 0x80
            && (text.at(at + 2) & 0xfe) == 0xa8;
    if (separator) {
      put('\\', 'u', '2', '0', '2', HEX[text.at(at + 2) & 0xf]);
      return;
    }
    for (int i = at; i < at + size; i++) {
      put(text.at(i));
    }
  }

  private void put(int... bytes) {
    for (int b : bytes) {
      put(b);
    }
  }

  private void put(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  private void put(int b) {
    room(1);
    buffer[length++] = (byte) b;
  }

  private void room(int bytes) {
    if (bytes > buffer.length - length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, Math.addExact(length, bytes)));
    }
  }

  /** Plain notation from 1e-6 up to below 1e21, otherwise with an exponent of two digits. */
  private static String goText(double number) {
    if (number == 0) {
      return 1 / number < 0 ? "-0" : "0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -6 && exponent < 21) {
      return shortest.toPlainString();
    }
    String digits = shortest.unscaledValue().abs().toString();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    int size = Math.abs(exponent);
    // Go pads the exponent to two digits and its JSON encoder then cuts e-09 to e-9.
    String power = (exponent < 0 ? "e-" : "e+") + (exponent > 0 && size < 10 ? "0" : "") + size;
    return (number < 0 ? "-" : "") + mantissa + power;
  }
}
