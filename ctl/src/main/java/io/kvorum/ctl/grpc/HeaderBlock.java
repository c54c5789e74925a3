// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes an HPACK header block without using any table of the connection: indexes of the static
 * table and plain literals. A request has few headers, so nothing would be gained by more.
 */
final class HeaderBlock {

  static final int AUTHORITY = 1;
  static final int METHOD_POST = 3;
  static final int PATH = 4;
  static final int SCHEME_HTTP = 6;
  static final int CONTENT_TYPE = 31;
  static final int USER_AGENT = 58;

  private final ByteArrayOutputStream block = new ByteArrayOutputStream(256);

  /** A header of the static table, name and value. */
  HeaderBlock indexed(int index) {
    block.write(0x80 | index);
    return this;
  }

  /** A header whose name is in the static table. */
  HeaderBlock named(int index, String value) {
    number(4, index);
    text(value);
    return this;
  }

  HeaderBlock literal(String name, String value) {
    block.write(0);
    text(name);
    text(value);
    return this;
  }

  byte[] toBytes() {
    return block.toByteArray();
  }

  private void text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    number(7, bytes.length);
    block.write(bytes, 0, bytes.length);
  }

  private void number(int prefixBits, int value) {
    int mask = (1 << prefixBits) - 1;
    if (value < mask) {
      block.write(value);
      return;
    }
    block.write(mask);
    int rest = value - mask;
    while (rest >= 0x80) {
      block.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    block.write(rest);
  }
}
