// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

/** A log entry that is nothing any member would have proposed. The member must stop before it. */
public final class UnreadableEntry extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long logIndex;

  UnreadableEntry(long logIndex, String problem) {
    super("log entry " + Long.toUnsignedString(logIndex) + ": " + problem);
    this.logIndex = logIndex;
  }

  UnreadableEntry(long logIndex, RuntimeException cause) {
    super("log entry " + Long.toUnsignedString(logIndex) + ": " + cause.getMessage(), cause);
    this.logIndex = logIndex;
  }

  public long logIndex() {
    return logIndex;
  }
}
