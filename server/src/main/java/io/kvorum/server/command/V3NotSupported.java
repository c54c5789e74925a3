// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

/**
 * The log holds a command of the v3 API, which this version can not carry out. The member must stop
 * before it: passing over it would make its data differ from the cluster's.
 */
public final class V3NotSupported extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long logIndex;

  public V3NotSupported(long logIndex) {
    this(logIndex, "log entry " + Long.toUnsignedString(logIndex) + ": v3 data not supported yet");
  }

  private V3NotSupported(long logIndex, String message) {
    super(message);
    this.logIndex = logIndex;
  }

  /** A received or opened database has v3 data; {@code contents} says how much, for people. */
  public static V3NotSupported inDatabase(long logIndex, String contents) {
    return new V3NotSupported(
        logIndex,
        "database at index "
            + Long.toUnsignedString(logIndex)
            + ": v3 data not supported yet: "
            + contents);
  }

  public long logIndex() {
    return logIndex;
  }
}
