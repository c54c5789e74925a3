// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.Compare;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.V3Command;

/** How long the log entry of a command can be, without encoding it. */
final class CommandSize {

  /** Tags, lengths and numbers of one message, at most; of a range eleven numbers. */
  private static final long PART_BYTES = 192;

  /** Of the entry: its header with a user's name. */
  private static final long ENTRY_BYTES = 512;

  private CommandSize() {}

  /** A bound from above, in bytes. */
  static long atMost(V3Command command) {
    return ENTRY_BYTES
        + (command instanceof KeyspaceCommand change ? ofKeyspace(change) : PART_BYTES);
  }

  private static long ofKeyspace(KeyspaceCommand command) {
    return switch (command) {
      case Put put -> of(put);
      case DeleteRange delete -> of(delete);
      case Txn txn -> of(txn);
      case KeyspaceCommand.Compact compact -> PART_BYTES;
    };
  }

  private static long of(Operation operation) {
    return switch (operation) {
      case Put put -> PART_BYTES + put.key().length() + put.value().length();
      case DeleteRange delete -> PART_BYTES + delete.key().length() + delete.rangeEnd().length();
      case RangeQuery range -> PART_BYTES + range.key().length() + range.rangeEnd().length();
      case Txn txn -> {
        long bytes = PART_BYTES;
        for (Compare compare : txn.compares()) {
          bytes +=
              PART_BYTES
                  + compare.key().length()
                  + compare.rangeEnd().length()
                  + compare.value().length();
        }
        for (Operation inner : txn.success()) {
          bytes += of(inner);
        }
        for (Operation inner : txn.failure()) {
          bytes += of(inner);
        }
        yield bytes;
      }
    };
  }
}
