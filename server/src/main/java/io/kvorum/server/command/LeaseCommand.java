// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import java.util.List;

/**
 * A change of the leases. Times are whole seconds. Keeping alive is no change: only the leader
 * knows deadlines.
 */
public sealed interface LeaseCommand extends V3Command {

  /**
   * Makes a lease.
   *
   * @param id chosen before proposing; never 0
   * @param ttlSeconds as asked for; the minimum is applied with it
   */
  record Grant(long id, long ttlSeconds) implements LeaseCommand {}

  /** Ends a lease and deletes its keys. */
  record Revoke(long id) implements LeaseCommand {}

  /** Writes down how much time leases have left, for the next leader. Known since 3.4. */
  record Checkpoint(List<Remaining> remaining) implements LeaseCommand {

    public Checkpoint {
      remaining = List.copyOf(remaining);
    }
  }

  /**
   * What one lease has left.
   *
   * @param ttlSeconds 0 stands for its full time
   */
  record Remaining(long id, long ttlSeconds) {}
}
