// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.server.consensus.ConsensusFailure.Kind;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.observe.Counter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;

/** Who waits for which request id. All methods may be called from any thread. */
final class Waiters {

  private record Waiter(CompletableFuture<Applied> future, long since) {}

  private final ConcurrentHashMap<Long, Waiter> waiting = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final int waitersMax;
  private final Counter failed;
  private volatile boolean closed;

  /**
   * @param failed counts those that end without an outcome
   */
  Waiters(int waitersMax, Counter failed) {
    this.waitersMax = waitersMax;
    this.failed = failed;
  }

  /** Registers a waiter; empty when there are too many already. */
  Optional<CompletableFuture<Applied>> add(long requestId, long nowMonotonic) {
    if (count.incrementAndGet() > waitersMax) {
      count.decrementAndGet();
      return Optional.empty();
    }
    CompletableFuture<Applied> future = new CompletableFuture<>();
    waiting.put(requestId, new Waiter(future, nowMonotonic));
    return Optional.of(future);
  }

  int count() {
    return count.get();
  }

  boolean isWaiting(long requestId) {
    return waiting.containsKey(requestId);
  }

  void answer(long requestId, Applied applied) {
    Waiter waiter = waiting.remove(requestId);
    if (waiter != null) {
      count.decrementAndGet();
      waiter.future.complete(applied);
    }
  }

  /** Fails one waiter whose write certainly did not happen. */
  void fail(long requestId, Kind kind) {
    Waiter waiter = waiting.remove(requestId);
    if (waiter != null) {
      count.decrementAndGet();
      failed.increment();
      waiter.future.completeExceptionally(new ConsensusFailure(kind, false));
    }
  }

  /** Fails everybody who began to wait before {@code deadline}; their writes may still happen. */
  void expire(long deadline, LongFunction<Kind> kindBySince) {
    waiting.forEach(
        (id, waiter) -> {
          if (waiter.since - deadline < 0 && waiting.remove(id, waiter)) {
            count.decrementAndGet();
            failed.increment();
            waiter.future.completeExceptionally(
                new ConsensusFailure(kindBySince.apply(waiter.since), true));
          }
        });
  }

  /** Whether nobody will be answered any more. */
  boolean isClosed() {
    return closed;
  }

  /** Fails everybody, for the last time: their writes may still happen. */
  void close(Kind kind) {
    closed = true;
    for (Long id : waiting.keySet()) {
      Waiter waiter = waiting.remove(id);
      if (waiter != null) {
        count.decrementAndGet();
        waiter.future.completeExceptionally(new ConsensusFailure(kind, true));
      }
    }
  }
}
