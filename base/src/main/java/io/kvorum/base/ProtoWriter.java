// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes protobuf messages into one growing array, without an object per nested message.
 *
 * <p>Two families: {@link #uint64} and its siblings leave a field out when it holds its default
 * (proto3); the {@code ...Always} ones write it whatever it holds (etcd's proto2 messages, where
 * presence is visible in the bytes). A nested message is either announced with its computed size
 * ({@link #messageHeader}) or bracketed by {@link #begin} and {@link #end}, which patches the
 * length in afterwards.
 *
 * <p>Meant to be kept and {@link #reset} between messages. Not thread-safe.
 */
public final class ProtoWriter {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;

  private byte[] array;
  private int length;

  public ProtoWriter() {
    this(128);
  }

  /** A writer with room for {@code capacity} bytes before it grows. */
  public ProtoWriter(int capacity) {
    this.array = new byte[capacity];
  }

  /** A uint64 or int64 field, left out when 0. */
  public void uint64(int field, long value) {
    if (value != 0) {
      uint64Always(field, value);
    }
  }

  public void uint64Always(int field, long value) {
    ensure(15);
    putVarint(field << 3 | VARINT);
    putVarint(value);
  }

  /** An int32 field, left out when 0; negative numbers take ten bytes as protobuf demands. */
  public void int32(int field, int value) {
    uint64(field, value);
  }

  public void int32Always(int field, int value) {
    uint64Always(field, value);
  }

  /** An enum field, left out when 0. */
  public void enumeration(int field, int number) {
    uint64(field, number);
  }

  public void enumerationAlways(int field, int number) {
    uint64Always(field, number);
  }

  /** A bool field, left out when false. */
  public void bool(int field, boolean value) {
    if (value) {
      boolAlways(field, true);
    }
  }

  public void boolAlways(int field, boolean value) {
    uint64Always(field, value ? 1 : 0);
  }

  /** A bytes field, left out when empty. */
  public void bytes(int field, Bytes value) {
    if (!value.isEmpty()) {
      bytesAlways(field, value);
    }
  }

  public void bytesAlways(int field, Bytes value) {
    messageHeader(field, value.length());
    ensure(value.length());
    value.copyTo(array, length);
    length += value.length();
  }

  /** A string field, left out when empty. */
  public void string(int field, String value) {
    if (!value.isEmpty()) {
      stringAlways(field, value);
    }
  }

  public void stringAlways(int field, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    messageHeader(field, utf8.length);
    put(utf8, 0, utf8.length);
  }

  /** A fixed64, sfixed64 or double field's bits, whatever they are. */
  public void fixed64Always(int field, long value) {
    ensure(13);
    putVarint(field << 3 | FIXED64);
    for (int i = 0; i < 8; i++) {
      array[length++] = (byte) (value >>> (8 * i));
    }
  }

  /** Announces a nested message (or bytes) whose {@code size} bytes the caller writes next. */
  public void messageHeader(int field, int size) {
    ensure(15);
    putVarint(field << 3 | LENGTH_DELIMITED);
    putVarint(size);
  }

  /** Opens a nested message of unknown size; returns the mark to give to {@link #end}. */
  public int begin(int field) {
    ensure(6);
    putVarint(field << 3 | LENGTH_DELIMITED);
    return ++length;
  }

  /** Closes the nested message opened by {@link #begin}; an empty one stays, with length 0. */
  public void end(int mark) {
    int size = length - mark;
    int extra = sizeOfVarint(size) - 1;
    if (extra > 0) {
      ensure(extra);
      System.arraycopy(array, mark, array, mark + extra, size);
    }
    length = mark - 1;
    putVarint(size);
    length += size;
  }

  /** Raw bytes without a tag: already encoded fields, or framing around messages. */
  public void put(byte[] source, int from, int count) {
    ensure(count);
    System.arraycopy(source, from, array, length, count);
    length += count;
  }

  /** Raw bytes without a tag. */
  public void put(Bytes source) {
    ensure(source.length());
    source.copyTo(array, length);
    length += source.length();
  }

  public int length() {
    return length;
  }

  /** Forgets what was written and keeps the room. */
  public void reset() {
    length = 0;
  }

  /** What was written, in an array of its own. */
  public Bytes toBytes() {
    return Bytes.wrap(Arrays.copyOf(array, length));
  }

  /**
   * What was written, without a copy when the room was exact: the writer starts anew and no longer
   * knows these bytes.
   */
  public Bytes take() {
    Bytes taken = Bytes.wrap(array, 0, length);
    array = new byte[0];
    length = 0;
    return taken;
  }

  /** A view of what was written, valid until the next write or reset. */
  public ByteBuffer view() {
    return ByteBuffer.wrap(array, 0, length);
  }

  /** The size of a uint64 field with its tag. */
  public static int sizeOfUint64(int field, long value) {
    return sizeOfVarint(field << 3) + sizeOfVarint(value);
  }

  /** The size of a bytes, string or message field of {@code size} bytes, with tag and length. */
  public static int sizeOfMessage(int field, int size) {
    return sizeOfVarint(field << 3) + sizeOfVarint(size) + size;
  }

  /** How many bytes {@code value} takes as an unsigned variable-length number: 1 to 10. */
  public static int sizeOfVarint(long value) {
    return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  private void putVarint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      array[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    array[length++] = (byte) rest;
  }

  private void ensure(int count) {
    int needed = Math.addExact(length, count);
    if (needed > array.length) {
      array = Arrays.copyOf(array, Math.max(needed, (int) Math.min(2L * array.length, 1 << 30)));
    }
  }
}
