// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * An immutable run of bytes in unsigned order: what keys, values and log entries are made of.
 *
 * <p>A slice shares its parent's array, so cutting a key out of a received buffer copies nothing.
 * The price is that a small slice keeps a large parent alive; call {@link #compact()} before
 * keeping a slice for long.
 */
public final class Bytes implements Comparable<Bytes> {

  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private final byte[] array;
  private final int offset;
  private final int length;

  private Bytes(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** A copy of {@code source}. */
  public static Bytes copyOf(byte[] source) {
    return source.length == 0 ? EMPTY : new Bytes(source.clone(), 0, source.length);
  }

  /** Takes ownership of {@code source} without a copy: the caller must never write to it again. */
  public static Bytes wrap(byte[] source) {
    return source.length == 0 ? EMPTY : new Bytes(source, 0, source.length);
  }

  /** Like {@link #wrap(byte[])} for the range [offset, offset + length). */
  public static Bytes wrap(byte[] source, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    return length == 0 ? EMPTY : new Bytes(source, offset, length);
  }

  /** The UTF-8 form of {@code text}. */
  public static Bytes utf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  /** The byte at {@code index} as an unsigned number, 0 to 255. */
  public int at(int index) {
    return array[offset + Objects.checkIndex(index, length)] & 0xff;
  }

  /** The range [from, to) without a copy. */
  public Bytes slice(int from, int to) {
    Objects.checkFromToIndex(from, to, length);
    return from == to ? EMPTY : new Bytes(array, offset + from, to - from);
  }

  /** The same bytes in an array of their own, so that a larger parent may be collected. */
  public Bytes compact() {
    return array.length == length ? this : wrap(toArray());
  }

  /** A fresh array; the caller owns it. */
  public byte[] toArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /** A read-only view, position 0 to {@link #length()}. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
  }

  /** Copies all bytes into {@code target} from {@code at} on. */
  public void copyTo(byte[] target, int at) {
    System.arraycopy(array, offset, target, at, length);
  }

  /** Appends all bytes to {@code target}, which must have room. */
  public void putInto(ByteBuffer target) {
    target.put(array, offset, length);
  }

  public void writeTo(OutputStream target) throws IOException {
    target.write(array, offset, length);
  }

  public boolean startsWith(Bytes prefix) {
    return length >= prefix.length
        && Arrays.equals(
            array,
            offset,
            offset + prefix.length,
            prefix.array,
            prefix.offset,
            prefix.offset + prefix.length);
  }

  /** The first position of {@code value} at or after {@code from}, or -1. */
  public int indexOf(int value, int from) {
    for (int i = from; i < length; i++) {
      if ((array[offset + i] & 0xff) == value) {
        return i;
      }
    }
    return -1;
  }

  /** These bytes followed by {@code other}. */
  public Bytes concat(Bytes other) {
    byte[] joined = Arrays.copyOfRange(array, offset, offset + length + other.length);
    other.copyTo(joined, length);
    return wrap(joined);
  }

  /** The text these bytes are as UTF-8; malformed input becomes U+FFFD. */
  public String utf8() {
    return new String(array, offset, length, StandardCharsets.UTF_8);
  }

  public String hex() {
    return HexFormat.of().formatHex(array, offset, offset + length);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(
        array, offset, offset + length, other.array, other.offset, other.offset + other.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && length == that.length
        && Arrays.equals(
            array, offset, offset + length, that.array, that.offset, that.offset + length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  /** The shared array, for this package's readers and writers: never write to it. */
  byte[] array() {
    return array;
  }

  /** Where these bytes begin in {@link #array()}. */
  int offset() {
    return offset;
  }

  /** For messages and test failures: at most 64 bytes, printable ASCII as it is. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < Math.min(length, 64); i++) {
      int value = at(i);
      if (value >= 0x20 && value < 0x7f && value != '"' && value != '\\') {
        text.append((char) value);
      } else {
        text.append("\\x")
            .append(Character.forDigit(value >> 4, 16))
            .append(Character.forDigit(value & 0xf, 16));
      }
    }
    return text.append(length > 64 ? "\"... (" + length + " bytes)" : "\"").toString();
  }
}
