// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.auth.AuthRefused;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Tree.Code;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** How requests about users and roles end. */
final class AuthAnswers {
  private AuthAnswers() {}

  /** Runs {@code work}; a rule that forbids it, at once or later, becomes the answer. */
  static <T> CompletableFuture<Answer<T>> of(Supplier<CompletableFuture<Answer<T>>> work) {
    try {
      return work.get().exceptionally(AuthAnswers::failed);
    } catch (AuthRefused refused) {
      return Answer.now(new Answer.Refused<>(refused.refusal()));
    }
  }

  private static <T> Answer<T> failed(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return cause instanceof AuthRefused refused
        ? new Answer.Refused<>(refused.refusal())
        : Answer.failed(cause);
  }

  /** The answer to a write: {@code value}, or {@code instead} where the tree says {@code code}. */
  static <T> Answer<T> written(Outcome outcome, T value, Code code, AuthRefused instead) {
    return switch (outcome) {
      case Outcome.Refused(Refusal.Tree tree) when tree.code() == code ->
          new Answer.Refused<>(instead.refusal());
      case Outcome.Refused(var refusal) -> new Answer.Refused<>(refusal);
      case Outcome.Done done -> new Answer.Done<>(value);
      case Outcome.TreeChanged changed -> new Answer.Done<>(value);
      case Outcome.V3 other ->
          throw new IllegalStateException("a change of the tree came to " + other);
    };
  }
}
