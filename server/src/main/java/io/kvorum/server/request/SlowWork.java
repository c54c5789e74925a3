// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.env.Worker;
import io.kvorum.env.Workers;
import io.kvorum.server.consensus.ConsensusFailure;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A thread for requests that read or rewrite everything: one after the other, so that they take no
 * more than one processor from everybody else. Callable from any thread, never blocks.
 */
public final class SlowWork {
  private static final int WAITING_MAX = 64;

  private final Worker<Runnable> worker;

  /**
   * Starts the thread.
   *
   * @param onFailure gets what ended it
   */
  public SlowWork(Workers workers, Consumer<Throwable> onFailure) {
    worker =
        workers.start("slow work", WAITING_MAX, batch -> batch.forEach(Runnable::run), onFailure);
  }

  /** Ends the thread after what it has begun. */
  public void stop() throws InterruptedException {
    worker.stop();
    worker.awaitEnd();
  }

  /** Does {@code work} when its turn comes; refused when too much is waiting. */
  <T> CompletableFuture<Answer<T>> run(Supplier<Answer<T>> work) {
    CompletableFuture<Answer<T>> done = new CompletableFuture<>();
    boolean taken =
        worker.offer(
            () -> {
              try {
                done.complete(work.get());
              } catch (RuntimeException failure) {
                done.completeExceptionally(failure);
              }
            });
    return taken
        ? done
        : Answer.now(new Answer.Failed<>(ConsensusFailure.Kind.TOO_MANY_REQUESTS.text(), false));
  }
}
