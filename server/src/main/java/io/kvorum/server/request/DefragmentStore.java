// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.request.AdminAccess.Right;
import java.util.concurrent.CompletableFuture;

/**
 * Rewrites this member's store without what it no longer needs. Everything else goes on meanwhile.
 * Any thread.
 */
public final class DefragmentStore {
  private final AdminAccess access;
  private final Runnable rewriting;
  private final SlowWork work;

  /**
   * Creates the use case.
   *
   * @param rewriting does it; slow
   */
  public DefragmentStore(AdminAccess access, Runnable rewriting, SlowWork work) {
    this.access = access;
    this.rewriting = rewriting;
    this.work = work;
  }

  /** Ends when it is done. */
  public CompletableFuture<Answer<Boolean>> now(Caller caller) {
    return Answer.then(
        access.admit(caller, Right.ROOT),
        requester ->
            work.run(
                () -> {
                  rewriting.run();
                  return new Answer.Done<>(true);
                }));
  }
}
