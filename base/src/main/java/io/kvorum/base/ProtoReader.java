// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads one protobuf message field by field, strictly.
 *
 * <pre>{@code
 * ProtoReader in = new ProtoReader("Entry", bytes);
 * for (int field = in.next(); field != 0; field = in.next()) {
 *   switch (field) {
 *     case 1 -> type = in.enumeration();
 *     case 4 -> data = in.bytes();
 *     default -> in.skip();
 *   }
 * }
 * }</pre>
 *
 * <p>Strict means: a known field with another wire type than the one asked for, a stray end of a
 * group, a field number of zero, an overlong number and truncated data all throw {@link
 * MalformedProto}. A log entry's kind is told by whether it parses, so being lenient here would
 * turn one kind of command into another. Unknown fields (groups included) are skipped.
 *
 * <p>{@link #bytes()} and {@link #message} share the source's array. Not thread-safe.
 */
public final class ProtoReader {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int START_GROUP = 3;
  private static final int END_GROUP = 4;
  private static final int FIXED32 = 5;

  private final String name;
  private final byte[] array;
  private final int origin;
  private final int end;
  private int at;
  private int field;
  private int wireType;

  /**
   * A reader over the whole of {@code source}.
   *
   * @param name the message's name, for {@link MalformedProto}
   */
  public ProtoReader(String name, Bytes source) {
    this(name, source.array(), source.offset(), source.offset(), source.length());
  }

  private ProtoReader(String name, byte[] array, int origin, int start, int length) {
    this.name = name;
    this.array = array;
    this.origin = origin;
    this.at = start;
    this.end = start + length;
  }

  /**
   * Moves to the next field and returns its number, or 0 at the end. Exactly one of the reading
   * methods or {@link #skip()} must follow.
   */
  public int next() {
    if (at == end) {
      field = 0;
      return 0;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    wireType = (int) (tag & 7);
    if (tag >>> 32 != 0 || field <= 0) {
      throw malformed("tag " + Long.toUnsignedString(tag) + " has no field number");
    }
    if (wireType == END_GROUP) {
      throw malformed("end of a group that never began");
    }
    if (wireType > FIXED32) {
      throw malformed("wire type " + wireType + " does not exist");
    }
    return field;
  }

  /** The value of a uint64 or int64 field. */
  public long uint64() {
    expect(VARINT);
    return varint();
  }

  /** The value of an int32 or uint32 field: the low 32 bits. */
  public int int32() {
    return (int) uint64();
  }

  public boolean bool() {
    return uint64() != 0;
  }

  /** The number of an enum field; what it means is up to the caller. */
  public int enumeration() {
    return int32();
  }

  /** The value of a bytes field, sharing the source's array. */
  public Bytes bytes() {
    expect(LENGTH_DELIMITED);
    int length = length();
    Bytes value = Bytes.wrap(array, at, length);
    at += length;
    return value;
  }

  /** The value of a string field; malformed UTF-8 becomes U+FFFD, as Go's printing shows it. */
  public String string() {
    return bytes().utf8();
  }

  /** A reader over a nested message. */
  public ProtoReader message(String nestedName) {
    expect(LENGTH_DELIMITED);
    int length = length();
    ProtoReader nested = new ProtoReader(nestedName, array, origin, at, length);
    at += length;
    return nested;
  }

  /** Adds one element (or, when packed, several) of a repeated uint64 or int64 field. */
  public void uint64Into(List<Long> values) {
    if (wireType == LENGTH_DELIMITED) {
      ProtoReader packed = message(name);
      packed.field = field;
      while (packed.at < packed.end) {
        values.add(packed.varint());
      }
    } else {
      values.add(uint64());
    }
  }

  /** All elements of one packed field, or the single one of an unpacked one. */
  public List<Long> uint64List() {
    List<Long> values = new ArrayList<>();
    uint64Into(values);
    return values;
  }

  /** The eight bytes of a fixed64, sfixed64 or double field. */
  public long fixed64() {
    expect(FIXED64);
    need(8);
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | (array[at + i] & 0xff);
    }
    at += 8;
    return value;
  }

  /** The four bytes of a fixed32, sfixed32 or float field. */
  public int fixed32() {
    expect(FIXED32);
    need(4);
    int value = 0;
    for (int i = 3; i >= 0; i--) {
      value = value << 8 | (array[at + i] & 0xff);
    }
    at += 4;
    return value;
  }

  /** Passes over the current field's value. */
  public void skip() {
    switch (wireType) {
      case VARINT -> varint();
      case FIXED64 -> advance(8);
      case LENGTH_DELIMITED -> advance(length());
      case START_GROUP -> skipGroup();
      case FIXED32 -> advance(4);
      default -> throw malformed("wire type " + wireType + " does not exist");
    }
  }

  /** Complains about the current field in this reader's words, e.g. an unknown enum number. */
  public MalformedProto malformed(String problem) {
    return new MalformedProto(name, field, at - origin, problem);
  }

  /** Groups nest, and their fields may be anything; depth is counted, not recursed into. */
  private void skipGroup() {
    int depth = 1;
    while (depth > 0) {
      long tag = varint();
      switch ((int) (tag & 7)) {
        case VARINT -> varint();
        case FIXED64 -> advance(8);
        case LENGTH_DELIMITED -> advance(length());
        case START_GROUP -> depth++;
        case END_GROUP -> depth--;
        case FIXED32 -> advance(4);
        default -> throw malformed("wire type " + (tag & 7) + " does not exist");
      }
    }
  }

  private void expect(int wanted) {
    if (wireType != wanted) {
      throw malformed("wire type " + wireType + ", expected " + wanted);
    }
  }

  private void advance(int count) {
    need(count);
    at += count;
  }

  private void need(int count) {
    if (count > end - at) {
      throw malformed("truncated: " + count + " bytes expected, " + (end - at) + " left");
    }
  }

  private int length() {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw malformed(
          "length " + Long.toUnsignedString(length) + " with " + (end - at) + " bytes left");
    }
    return (int) length;
  }

  private long varint() {
    if (at < end && array[at] >= 0) {
      return array[at++];
    }
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      need(1);
      byte next = array[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw malformed("a number of more than ten bytes");
  }
}
