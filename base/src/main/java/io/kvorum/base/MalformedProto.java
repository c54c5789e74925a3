// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

/** Bytes that are not the protobuf message they were read as. */
public final class MalformedProto extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String message;
  private final int field;
  private final int offset;

  /**
   * @param message the name of the protobuf message that was being read
   * @param field the number of the field that was being read, 0 when there was none yet
   * @param offset from the beginning of the bytes given to the outermost reader
   * @param problem what is wrong
   */
  public MalformedProto(String message, int field, int offset, String problem) {
    super(message + ", field " + field + ", offset " + offset + ": " + problem);
    this.message = message;
    this.field = field;
    this.offset = offset;
  }

  /** The protobuf message that was being read. */
  public String message() {
    return message;
  }

  public int field() {
    return field;
  }

  public int offset() {
    return offset;
  }
}
