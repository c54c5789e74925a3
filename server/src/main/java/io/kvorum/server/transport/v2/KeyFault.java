// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

/** A parameter of a keys request is wrong. Its index is always 0. */
final class KeyFault extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final String explanation;

  KeyFault(int code, String explanation) {
    super(code + " " + explanation, null, false, false);
    this.code = code;
    this.explanation = explanation;
  }

  int code() {
    return code;
  }

  /** What the answer gives as {@code cause}. */
  String explanation() {
    return explanation;
  }
}
