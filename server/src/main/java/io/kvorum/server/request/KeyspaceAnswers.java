// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.consensus.Proposals.Applied;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the requests to the v3 keyspace have in common. */
final class KeyspaceAnswers {

  private KeyspaceAnswers() {}

  /** Goes on unless {@code operation} is unsound by itself. */
  static CompletableFuture<Answer<KeyspaceResult>> ifSound(
      Operation operation,
      KeyspaceLimits limits,
      Supplier<CompletableFuture<Answer<KeyspaceResult>>> then) {
    Optional<Refusal.Unsound.Reason> fault = Soundness.fault(operation, limits.operationsMax());
    return fault.isPresent()
        ? Answer.now(new Answer.Refused<>(new Refusal.Unsound(fault.get())))
        : then.get();
  }

  /** The answer that an applied command came to. */
  static Answer<KeyspaceResult> of(@Nullable Applied applied, @Nullable Throwable failed) {
    if (applied == null) {
      return Answer.failed(failed == null ? new IllegalStateException("no outcome") : failed);
    }
    return of(applied.outcome());
  }

  static Answer<KeyspaceResult> of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Keyspace(var result) -> new Answer.Done<>(result);
      case Outcome.Refused(var refusal) -> new Answer.Refused<>(refusal);
      case Outcome.Done done -> throw unexpected(done);
      case Outcome.TreeChanged changed -> throw unexpected(changed);
      case Outcome.V3 other -> throw unexpected(other);
    };
  }

  private static IllegalStateException unexpected(Outcome outcome) {
    return new IllegalStateException("the v3 keyspace answered " + outcome);
  }
}
