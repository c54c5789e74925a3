// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

/**
 * A text that is not the JSON that was expected. The message is worded as Go's decoder words it.
 */
public final class MalformedJson extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long offset;

  MalformedJson(String message, long offset) {
    super(message);
    this.offset = offset;
  }

  /** How many bytes were read before the fault was seen. */
  public long offset() {
    return offset;
  }
}
