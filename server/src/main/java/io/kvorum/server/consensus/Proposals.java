// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.server.command.Command;
import io.kvorum.server.command.Outcome;
import java.util.concurrent.CompletableFuture;

/** The way into the log. Callable from any thread. */
public interface Proposals {

  /**
   * Proposes {@code command} once. The future ends with the outcome of applying exactly these bytes
   * on this member, after it is visible to readers; or with a {@link ConsensusFailure} after the
   * request time limit, which says whether the write may still happen. Completed on the apply
   * thread: continuations must be short and must not block.
   */
  CompletableFuture<Applied> propose(Command command);

  /** An outcome and where it came about. */
  record Applied(Outcome outcome, long logIndex, long term) {}
}
