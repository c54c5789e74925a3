// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.env.Worker;
import io.kvorum.env.Workers;
import io.kvorum.server.auth.BcryptHash;
import io.kvorum.server.consensus.ConsensusFailure;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Hashes and checks passwords.
 *
 * <p>Problem: bcrypt is slow on purpose, some 50 ms, and a client with Basic authentication sends
 * its password with every request.
 *
 * <p>Idea: a thread of its own does the work, with a bounded queue; and what proved right once is
 * remembered, by user, digest of the password and stored hash. A changed password changes the
 * stored hash, so nothing remembered ever has to be taken back. Wrong passwords are not remembered,
 * except that equal questions share one check while it runs.
 *
 * <p>Callable from any thread, never blocks. Futures end on the thread of this class, or are ended
 * already, and fail with {@link ConsensusFailure} when the queue is full.
 */
public final class Passwords {
  private static final int QUEUE_MAX = 256;
  private static final int REMEMBERED_MAX = 1024;

  private final Worker<Runnable> worker;
  private final Map<Question, CompletableFuture<Boolean>> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, CompletableFuture<Boolean>> it) {
          return size() > REMEMBERED_MAX;
        }
      };

  private record Question(String user, Bytes digest, String hash) {}

  /**
   * Starts the thread.
   *
   * @param onFailure gets what ended it; does not happen with sound memory
   */
  public Passwords(Workers workers, Consumer<Throwable> onFailure) {
    worker =
        workers.start("passwords", QUEUE_MAX, batch -> batch.forEach(Runnable::run), onFailure);
  }

  /** Ends the thread. */
  public void stop() {
    worker.stop();
  }

  /** A hash to be stored, of the usual cost. */
  CompletableFuture<String> hash(String password) {
    return hash(password, BcryptHash.COST);
  }

  /** A hash to be stored. */
  CompletableFuture<String> hash(String password, int cost) {
    return work(() -> BcryptHash.of(password, cost).utf8());
  }

  /** Whether {@code password} is the one that {@code hash} was made of. */
  CompletableFuture<Boolean> matches(String user, Bytes password, String hash) {
    var question = new Question(user, digest(password), hash);
    CompletableFuture<Boolean> answer;
    synchronized (remembered) {
      var known = remembered.get(question);
      if (known != null) {
        return known;
      }
      answer = work(() -> BcryptHash.matches(password, Bytes.utf8(hash)));
      remembered.put(question, answer);
    }
    var unused =
        answer.whenComplete(
            (right, failed) -> {
              if (right == null || !right) {
                forget(question);
              }
            });
    return answer;
  }

  private void forget(Question question) {
    synchronized (remembered) {
      remembered.remove(question);
    }
  }

  private <T> CompletableFuture<T> work(Supplier<T> work) {
    var result = new CompletableFuture<T>();
    boolean taken =
        worker.offer(
            () -> {
              try {
                result.complete(work.get());
              } catch (RuntimeException failure) {
                result.completeExceptionally(failure);
              }
            });
    if (!taken) {
      result.completeExceptionally(
          new ConsensusFailure(ConsensusFailure.Kind.TOO_MANY_REQUESTS, false));
    }
    return result;
  }

  private static Bytes digest(Bytes password) {
    try {
      return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(password.toArray()));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
