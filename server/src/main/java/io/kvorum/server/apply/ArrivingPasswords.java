// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.base.Bytes;
import io.kvorum.env.Worker;
import io.kvorum.env.Workers;
import io.kvorum.raft.Entry;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.auth.PlainPasswords;
import io.kvorum.server.command.PlainPasswordEntry;
import io.kvorum.server.consensus.StateMachine;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Hashes passwords of committed entries while apply is still busy with what comes before them.
 *
 * <p>Problem: a member of 3.4 sends passwords as they are, every member hashes them itself, and a
 * hash takes some 50 ms. Idea: a thread of its own begins as soon as such an entry is handed over,
 * and apply waits for the result at most. What must hold: the salt comes from the request's id, so
 * the result does not depend on who made it, or when.
 */
public final class ArrivingPasswords implements PlainPasswords {

  /** Waiting for the thread; whatever is more is hashed when apply comes to it. */
  private static final int QUEUE_MAX = 256;

  private final PlainPasswords hashing;
  private final Worker<Runnable> worker;
  private final Map<Long, CompletableFuture<Bytes>> begun = new ConcurrentHashMap<>();

  /**
   * Starts the thread.
   *
   * @param hashing does the work
   * @param onFailure gets what ended it; does not happen with sound memory
   */
  public ArrivingPasswords(PlainPasswords hashing, Workers workers, Consumer<Throwable> onFailure) {
    this.hashing = hashing;
    worker =
        workers.start(
            "arriving passwords", QUEUE_MAX, batch -> batch.forEach(Runnable::run), onFailure);
  }

  /** Ends the thread; apply must have ended before. */
  public void stop() throws InterruptedException {
    worker.stop();
    worker.awaitEnd();
  }

  /** {@code machine}, behind a look at what it is given. */
  public StateMachine before(StateMachine machine) {
    return new StateMachine() {
      @Override
      public void commit(List<Entry> entries) {
        entries.forEach(
            entry -> PlainPasswordEntry.in(entry).ifPresent(ArrivingPasswords.this::begin));
        machine.commit(entries);
      }

      @Override
      public void install(SnapshotMetadata snapshot) {
        machine.install(snapshot);
      }

      @Override
      public void prepareSnapshot(long peer) {
        machine.prepareSnapshot(peer);
      }
    };
  }

  private void begin(PlainPasswordEntry entry) {
    CompletableFuture<Bytes> result = new CompletableFuture<>();
    if (worker.offer(() -> complete(result, entry.requestId(), entry.plain()))) {
      begun.put(entry.requestId(), result);
    }
  }

  private void complete(CompletableFuture<Bytes> result, long requestId, String plain) {
    try {
      result.complete(hashing.hash(requestId, plain));
    } catch (RuntimeException failure) {
      result.completeExceptionally(failure);
    }
  }

  /** Waits for what has begun, or has it made now: by the same thread, never by the caller's. */
  @Override
  public Bytes hash(long requestId, String plain) {
    CompletableFuture<Bytes> result = begun.remove(requestId);
    if (result == null) {
      CompletableFuture<Bytes> late = new CompletableFuture<>();
      worker.put(() -> complete(late, requestId, plain));
      result = late;
    }
    return result.join();
  }
}
