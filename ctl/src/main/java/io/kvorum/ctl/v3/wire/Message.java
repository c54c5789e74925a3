// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.wire;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message that was received, its fields by number. What is absent reads as its default. */
public final class Message {

  private final Shape shape;
  private final @Nullable Object[] values;
  private final Bytes source;

  private Message(Shape shape, Bytes source) {
    this.shape = shape;
    this.values = new @Nullable Object[shape.fields().size()];
    this.source = source;
  }

  /**
   * Reads a message; unknown fields are passed over.
   *
   * @throws io.kvorum.base.MalformedProto when it is none
   */
  public static Message parse(Shape shape, Bytes source) {
    Message message = new Message(shape, source);
    message.read(new ProtoReader(shape.name(), source));
    return message;
  }

  private void read(ProtoReader in) {
    for (int number = in.next(); number != 0; number = in.next()) {
      int slot = shape.slot(number);
      if (slot < 0) {
        in.skip();
        continue;
      }
      Shape.Field field = shape.fields().get(slot);
      Object value = value(field, in);
      if (field.repeated()) {
        list(slot).add(value);
      } else {
        values[slot] = value;
      }
    }
  }

  private static Object value(Shape.Field field, ProtoReader in) {
    return switch (field.kind()) {
      case INTEGER, UNSIGNED, ID, LEASE -> in.uint64();
      case FLAG -> in.bool();
      case TEXT -> in.string();
      case DATA -> in.bytes();
      case NESTED -> parse(Shape.of(field.type()), in.bytes());
    };
  }

  @SuppressWarnings("unchecked")
  private List<Object> list(int slot) {
    Object list = values[slot];
    if (list == null) {
      list = new ArrayList<>();
      values[slot] = list;
    }
    return (List<Object>) list;
  }

  public Shape shape() {
    return shape;
  }

  /** The bytes that it was read from. */
  public Bytes source() {
    return source;
  }

  /** Whether the field came; a nested message may be there and empty. */
  public boolean has(int number) {
    return at(number) != null;
  }

  public long number(int number) {
    Object value = at(number);
    return value == null ? 0 : (long) value;
  }

  public boolean flag(int number) {
    Object value = at(number);
    return value != null && (boolean) value;
  }

  public String text(int number) {
    Object value = at(number);
    return value == null ? "" : (String) value;
  }

  public Bytes bytes(int number) {
    Object value = at(number);
    return value == null ? Bytes.EMPTY : (Bytes) value;
  }

  /** A nested message; an empty one when it did not come. */
  public Message message(int number) {
    Object value = at(number);
    if (value != null) {
      return (Message) value;
    }
    return new Message(Shape.of(shape.fields().get(shape.slot(number)).type()), Bytes.EMPTY);
  }

  @SuppressWarnings("unchecked")
  public List<Message> messages(int number) {
    Object value = at(number);
    return value == null ? List.of() : (List<Message>) value;
  }

  @SuppressWarnings("unchecked")
  public List<String> texts(int number) {
    Object value = at(number);
    return value == null ? List.of() : (List<String>) value;
  }

  @SuppressWarnings("unchecked")
  public List<Bytes> byteStrings(int number) {
    Object value = at(number);
    return value == null ? List.of() : (List<Bytes>) value;
  }

  /** The header that nearly every answer has as its first field. */
  public Message header() {
    return message(1);
  }

  @Nullable Object at(int number) {
    int slot = shape.slot(number);
    if (slot < 0) {
      throw new IllegalArgumentException(shape.name() + " has no field " + number);
    }
    return values[slot];
  }

  @Nullable Object inSlot(int slot) {
    return values[slot];
  }
}
