// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import java.util.concurrent.CompletableFuture;

/** The way to a linearizable read. Callable from any thread. */
public interface ReadBarrier {

  /**
   * Ends when this member's applied state contains everything that was committed when this method
   * was called: a view taken from then on is linearizable. One ReadIndex round is in flight at a
   * time; callers meanwhile share the next one. Fails with {@link ConsensusFailure}.
   */
  CompletableFuture<Void> await();
}
