// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

/** What one command did to one lease, for whoever counts deadlines. */
public sealed interface LeaseChange {

  /** It stands now. */
  record Granted(Lease lease) implements LeaseChange {}

  /** It is gone, and its keys with it. */
  record Revoked(long id) implements LeaseChange {}

  /** What it has left was written down: {@link Lease#remainingSeconds}. */
  record Checkpointed(Lease lease) implements LeaseChange {}
}
