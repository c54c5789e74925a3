// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.env.Timers;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.ReadBarrier;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Tells whether this member can serve: a leader is known and a linearizable read succeeds. */
public final class CheckHealth {
  private final ReadBarrier barrier;
  private final ConsensusFacts facts;
  private final Timers timers;
  private final Duration patience;

  /**
   * Creates the use case.
   *
   * @param patience how long the read may take
   */
  public CheckHealth(ReadBarrier barrier, ConsensusFacts facts, Timers timers, Duration patience) {
    this.barrier = barrier;
    this.facts = facts;
    this.timers = timers;
    this.patience = patience;
  }

  /** Healthy when {@code reason} is empty. */
  public record Health(String reason) {
    public boolean healthy() {
      return reason.isEmpty();
    }
  }

  /** Checks now; the future does not fail. */
  public CompletableFuture<Health> check() {
    if (facts.leader().equals(MemberId.NONE)) {
      return CompletableFuture.completedFuture(new Health("RAFT NO LEADER"));
    }
    var result = new CompletableFuture<Health>();
    var limit =
        timers.after(
            patience, () -> result.complete(new Health("RANGE ERROR:context deadline exceeded")));
    var unused =
        barrier
            .await()
            .whenComplete(
                (nothing, failed) -> {
                  limit.cancel();
                  result.complete(new Health(failed == null ? "" : "RANGE ERROR:" + why(failed)));
                });
    return result;
  }

  private static String why(Throwable failed) {
    return Answer.failed(failed) instanceof Answer.Failed<?>(var reason, var unused)
        ? reason
        : failed.toString();
  }
}
