// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import java.util.List;

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

  /** The entry asks for {@code command}. */
  public static V3NotSupported inLog(long logIndex, V3Command command) {
    return new V3NotSupported(
        logIndex,
        "log entry %s: v3 data not supported yet: a command that writes %d keys"
            .formatted(Long.toUnsignedString(logIndex), keys(command)));
  }

  /** How many keys, or ranges of keys, a command writes at most. */
  public static long keys(V3Command command) {
    return switch (command) {
      case KeyspaceCommand.Put put -> 1;
      case KeyspaceCommand.DeleteRange range -> 1;
      case KeyspaceCommand.Txn txn -> Math.max(keys(txn.success()), keys(txn.failure()));
      case KeyspaceCommand.Compact compact -> 0;
      case AlarmCommand alarm -> 0;
      case AuthCommand auth -> 0;
      case LeaseCommand lease -> 0;
      case V3Command.LoggedRead read -> 0;
      case V3Command.SetDowngrade downgrade -> 0;
    };
  }

  private static long keys(List<KeyspaceCommand.Operation> operations) {
    long keys = 0;
    for (KeyspaceCommand.Operation operation : operations) {
      keys += operation instanceof V3Command command ? keys(command) : 0;
    }
    return keys;
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
