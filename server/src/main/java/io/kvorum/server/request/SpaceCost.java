// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.LeaseCommand;
import io.kvorum.server.command.V3Command;
import java.util.List;

/** How much a command may make the data grow, as etcd 3.7.1 reckons. */
final class SpaceCost {

  private static final long PUT_BYTES = 256;
  private static final long LEASE_BYTES = 64;

  private SpaceCost() {}

  /** In bytes; 0 for what always finds room. */
  static long of(V3Command command) {
    return switch (command) {
      case Put put -> ofOperation(put);
      case Txn txn -> ofOperation(txn);
      case LeaseCommand.Grant grant -> LEASE_BYTES;
      case KeyspaceCommand.DeleteRange delete -> 0;
      case KeyspaceCommand.Compact compact -> 0;
      default -> 0;
    };
  }

  private static long ofOperation(Operation operation) {
    return switch (operation) {
      case Put put -> PUT_BYTES + put.key().length() + put.value().length();
      case Txn txn -> Math.max(of(txn.success()), of(txn.failure()));
      default -> 0;
    };
  }

  private static long of(List<Operation> branch) {
    return branch.stream().mapToLong(SpaceCost::ofOperation).sum();
  }
}
