// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

/** What a change of the leases came to. {@code revision} is the keyspace's right after. */
public sealed interface LeaseResult {

  long revision();

  /**
   * A new lease.
   *
   * @param ttlSeconds as granted, which may be more than was asked for
   */
  record Granted(long revision, long id, long ttlSeconds) implements LeaseResult {}

  /** A lease and its keys are gone. */
  record Revoked(long revision) implements LeaseResult {}

  /** What leases have left is written down. */
  record Checkpointed(long revision) implements LeaseResult {}
}
