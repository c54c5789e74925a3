// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.Refusal;
import io.kvorum.server.consensus.ConsensusFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** How a request ended. Futures of answers do not fail; what went wrong is an answer too. */
public sealed interface Answer<T> {

  /** As asked. */
  record Done<T>(T value) implements Answer<T> {}

  /** The state does not allow it; nothing was changed. */
  record Refused<T>(Refusal refusal) implements Answer<T> {}

  /** The caller may not do this. */
  record Denied<T>() implements Answer<T> {}

  /**
   * No consensus, or a local rule forbids it now.
   *
   * @param reason as etcd words it
   * @param mayHaveHappened whether the change may still take effect
   */
  record Failed<T>(String reason, boolean mayHaveHappened) implements Answer<T> {}

  static <T> CompletableFuture<Answer<T>> now(Answer<T> answer) {
    return CompletableFuture.completedFuture(answer);
  }

  /** The same for another kind of value. */
  static <B> Answer<B> notDone(Answer<?> answer) {
    return switch (answer) {
      case Refused<?>(var refusal) -> new Refused<>(refusal);
      case Denied<?>() -> new Denied<>();
      case Failed<?>(var reason, var mayHaveHappened) -> new Failed<>(reason, mayHaveHappened);
      case Done<?> done -> throw new IllegalArgumentException("done: " + done);
    };
  }

  /** Goes on with what was done, or answers why it was not. */
  static <A, B> CompletableFuture<Answer<B>> then(
      CompletableFuture<Answer<A>> first, Function<A, CompletableFuture<Answer<B>>> next) {
    return first.thenCompose(
        answer ->
            switch (answer) {
              case Done<A>(var value) -> next.apply(value);
              case Refused<A>(var refusal) -> now(new Refused<>(refusal));
              case Denied<A>() -> now(new Denied<>());
              case Failed<A>(var reason, var mayHaveHappened) ->
                  now(new Failed<>(reason, mayHaveHappened));
            });
  }

  /** The same for what needs no waiting. */
  static <A, B> CompletableFuture<Answer<B>> map(
      CompletableFuture<Answer<A>> first, Function<A, B> next) {
    return then(first, value -> now(new Done<>(next.apply(value))));
  }

  /** The answer for a future that failed. Throws what is not a failure of consensus. */
  static <T> Answer<T> failed(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof ConsensusFailure failure) {
      return new Failed<>(failure.kind().text(), failure.mayHaveHappened());
    }
    if (cause instanceof WritesRefused refused) {
      return new Failed<>(refused.reason(), false);
    }
    throw new CompletionException(cause);
  }
}
