// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.server.command.Refusal;
import java.util.Optional;

/** The refusals that depend on revisions alone. */
final class Checks {

  private Checks() {}

  /** Whether main revision {@code at}, the newest when not positive, can be read. */
  static Optional<Refusal> readable(long at, long revision, long compacted) {
    if (at > revision) {
      return Optional.of(new Refusal.Keyspace(Refusal.Keyspace.Reason.FUTURE_REVISION));
    }
    return at > 0 && at < compacted
        ? Optional.of(new Refusal.Keyspace(Refusal.Keyspace.Reason.COMPACTED))
        : Optional.empty();
  }

  /** Whether a compaction at main revision {@code at} has anything to do. */
  static Optional<Refusal> compactable(long at, long revision, long compacted) {
    return at <= compacted
        ? Optional.of(new Refusal.Keyspace(Refusal.Keyspace.Reason.COMPACTED))
        : readable(at, revision, compacted);
  }
}
