// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

/**
 * The log holds a command of the v3 API that this version can not carry out. The member must stop
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

  /** The entry asks for {@code command}. */
  public static V3NotSupported inLog(long logIndex, V3Command command) {
    return new V3NotSupported(
        logIndex,
        "log entry %s: v3 data not supported yet: %s"
            .formatted(Long.toUnsignedString(logIndex), command.getClass().getSimpleName()));
  }

  /** Whether {@code command} is of a kind that no store of ours is there for. */
  public static boolean concerns(V3Command command) {
    return switch (command) {
      case LeaseCommand lease -> true;
      case AuthCommand auth -> false;
      case KeyspaceCommand change -> false;
      case AlarmCommand alarm -> false;
      case V3Command.LoggedRead read -> false;
      case V3Command.SetDowngrade downgrade -> false;
    };
  }

  /** A received or opened database has such data; {@code contents} says how much, for people. */
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
