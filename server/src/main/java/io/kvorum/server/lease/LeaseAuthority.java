// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import io.kvorum.server.command.LeaseCommand;
import io.kvorum.server.command.Outcome;
import java.util.concurrent.CompletableFuture;

/** What makes a member the one that counts, and what it may do about leases. Any thread. */
public interface LeaseAuthority {

  /** Whether remaining times are written down. */
  enum Checkpoints {
    /** They are: every member knows what to make of them. */
    WRITTEN,
    /** Not now; those that are written down may stay. */
    PAUSED,
    /** Some member would not take them back at a renewal: those that are written down must go. */
    UNWANTED
  }

  /** The term that this member leads in, as far as it knows; 0 when it does not lead. */
  long term();

  /** Whether everything of the terms before {@code term} is applied and visible. */
  boolean hasAppliedOf(long term);

  Checkpoints checkpoints();

  /**
   * Proposes {@code command}, into the log of {@code term} and no other: whoever leads later has
   * its own idea of which leases are over. The future may fail; then it may have happened, or not.
   */
  CompletableFuture<Outcome> submit(LeaseCommand command, long term);
}
