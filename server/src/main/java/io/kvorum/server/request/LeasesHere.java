// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.server.consensus.ConsensusFailure;
import io.kvorum.server.consensus.ReadBarrier;
import io.kvorum.server.lease.Lessor;
import io.kvorum.server.lease.Renewal;
import io.kvorum.server.lease.TimeLeft;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongFunction;

/** What this member can say about leases while it leads. Any thread may call. */
public final class LeasesHere {

  private final Lessor lessor;
  private final ReadBarrier barrier;
  private final LongFunction<List<Bytes>> attached;

  /**
   * @param attached the keys that hang on a lease, in order
   */
  public LeasesHere(Lessor lessor, ReadBarrier barrier, LongFunction<List<Bytes>> attached) {
    this.lessor = lessor;
    this.barrier = barrier;
    this.attached = attached;
  }

  /**
   * Gives a lease its full time; the value is that time in seconds. A lease that is known needs no
   * more than this member; that there is none is said only when everything committed is applied.
   */
  public CompletableFuture<LeaseReply<Long>> renew(long id) {
    return told(
        lessor
            .renew(id)
            .thenCompose(
                renewal ->
                    renewal instanceof Renewal.Unknown
                        ? barrier.await().thenCompose(applied -> lessor.renew(id))
                        : CompletableFuture.completedFuture(renewal))
            .thenApply(LeasesHere::reply));
  }

  private static LeaseReply<Long> reply(Renewal renewal) {
    return switch (renewal) {
      case Renewal.Renewed(long ttlSeconds) -> new LeaseReply.Stands<>(ttlSeconds);
      case Renewal.Unknown unknown -> new LeaseReply.Gone<>();
      case Renewal.Over over -> new LeaseReply.Gone<>();
      case Renewal.NotLeading not -> new LeaseReply.NotHere<>();
      case Renewal.TooMany many -> tooMany();
    };
  }

  /** How long a lease has to live, after everything that is committed by now. */
  public CompletableFuture<LeaseReply<LeaseTime>> look(long id, boolean keys) {
    return told(
        barrier
            .await()
            .thenCompose(applied -> lessor.timeLeft(id))
            .thenApply(left -> reply(id, left, keys)));
  }

  private LeaseReply<LeaseTime> reply(long id, TimeLeft left, boolean keys) {
    return switch (left) {
      case TimeLeft.Known(long grantedSeconds, long remainingMillis) ->
          new LeaseReply.Stands<>(
              new LeaseTime(
                  grantedSeconds,
                  remainingMillis / 1000,
                  keys ? attached.apply(id) : List.<Bytes>of()));
      case TimeLeft.Unknown unknown -> new LeaseReply.Gone<>();
      case TimeLeft.NotLeading not -> new LeaseReply.NotHere<>();
      case TimeLeft.TooMany many -> tooMany();
    };
  }

  private static <T> LeaseReply<T> tooMany() {
    return new LeaseReply.Failed<>(ConsensusFailure.Kind.TOO_MANY_REQUESTS.text());
  }

  private static <T> CompletableFuture<LeaseReply<T>> told(CompletableFuture<LeaseReply<T>> reply) {
    return reply.exceptionally(
        thrown -> {
          Throwable cause =
              thrown instanceof CompletionException && thrown.getCause() != null
                  ? thrown.getCause()
                  : thrown;
          if (cause instanceof ConsensusFailure failure) {
            return failure.kind() == ConsensusFailure.Kind.LEADER_CHANGED
                ? new LeaseReply.NotHere<T>()
                : new LeaseReply.Failed<T>(failure.kind().text());
          }
          throw new CompletionException(cause);
        });
  }

  /** All ids; at the leader the lease that ends first is at the front. */
  CompletableFuture<long[]> all() {
    return lessor.all();
  }
}
