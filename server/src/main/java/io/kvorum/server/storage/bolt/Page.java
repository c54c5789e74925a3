// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import io.kvorum.base.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A page of a tree in memory, with the pages it runs over into.
 *
 * <pre>
 *   header: id u64, kind u16, count u16, overflow u32     all numbers little-endian
 *   leaf elements:   flags u32, position u32, key bytes u32, value bytes u32
 *   branch elements: position u32, key bytes u32, child page u64
 *   keys and values, each key right before its value; a position counts from its own element
 * </pre>
 */
final class Page {

  static final int HEADER_BYTES = 16;
  static final int ELEMENT_BYTES = 16;
  static final int BRANCH = 0x01;
  static final int LEAF = 0x02;
  static final int META = 0x04;

  /** The flag of a leaf element whose value is a bucket. */
  static final int BUCKET = 0x01;

  private final String name;
  private final byte[] bytes;
  private final ByteBuffer numbers;
  private final int kind;
  private final int count;

  /** {@code name} is for messages. */
  Page(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
    if (bytes.length < HEADER_BYTES) {
      throw new CorruptDatabase(
          "%s has %d bytes, expected a header of %d".formatted(name, bytes.length, HEADER_BYTES));
    }
    numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    kind = numbers.getShort(8) & 0xffff;
    count = numbers.getShort(10) & 0xffff;
    if (kind != BRANCH && kind != LEAF) {
      throw new CorruptDatabase(
          "%s is of kind %#x, expected a branch (%#x) or a leaf (%#x)"
              .formatted(name, kind, BRANCH, LEAF));
    }
    if (HEADER_BYTES + (long) count * ELEMENT_BYTES > bytes.length) {
      throw new CorruptDatabase(
          "%s has %d elements, more than fit in %d bytes".formatted(name, count, bytes.length));
    }
    if (kind == BRANCH && count == 0) {
      throw new CorruptDatabase(name + " is a branch without a child");
    }
  }

  static void writeHeader(ByteBuffer target, long id, int kind, int count, int overflow) {
    target.order(ByteOrder.LITTLE_ENDIAN);
    target.putLong(id).putShort((short) kind).putShort((short) count).putInt(overflow);
  }

  boolean isLeaf() {
    return kind == LEAF;
  }

  int count() {
    return count;
  }

  Bytes key(int element) {
    return isLeaf()
        ? run(element, number(element, 4), 0, number(element, 8))
        : run(element, number(element, 0), 0, number(element, 4));
  }

  /** Of a leaf. */
  Bytes value(int element) {
    return run(element, number(element, 4), number(element, 8), number(element, 12));
  }

  /** Whether the value of a leaf's element is a bucket. */
  boolean isBucket(int element) {
    return (number(element, 0) & BUCKET) != 0;
  }

  /** The page below a branch's element. */
  long child(int element) {
    return numbers.getLong(place(element) + 8);
  }

  String name() {
    return name;
  }

  private Bytes run(int element, long position, long skipped, long length) {
    long from = place(element) + position + skipped;
    if (from + length > bytes.length) {
      throw new CorruptDatabase(
          "%s: element %d reaches to byte %d of %d"
              .formatted(name, element, from + length, bytes.length));
    }
    return Bytes.wrap(bytes, (int) from, (int) length);
  }

  private long number(int element, int offset) {
    return Integer.toUnsignedLong(numbers.getInt(place(element) + offset));
  }

  private static int place(int element) {
    return HEADER_BYTES + element * ELEMENT_BYTES;
  }
}
