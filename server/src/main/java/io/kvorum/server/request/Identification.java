// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.auth.AuthState;
import io.kvorum.server.auth.Tokens;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Accounts.Reason;
import io.kvorum.server.command.V3Request.Requester;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.ReadBarrier;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Tells who calls, by the token that comes along. Callable from any thread; never blocks.
 *
 * <p>A token whose log-in this member has not applied yet is waited for: one read barrier is
 * enough, since whoever has such a token got it when its log-in was committed.
 */
public final class Identification {

  private final Supplier<AuthState> states;
  private final Tokens tokens;
  private final ReadBarrier barrier;
  private final ConsensusFacts facts;

  public Identification(
      Supplier<AuthState> states, Tokens tokens, ReadBarrier barrier, ConsensusFacts facts) {
    this.states = states;
    this.tokens = tokens;
    this.barrier = barrier;
    this.facts = facts;
  }

  /**
   * Who {@code caller} is; {@link Requester#NOBODY} without a token, a refusal for a token that is
   * none, also while authentication is off.
   */
  CompletableFuture<Answer<Requester>> of(Caller caller) {
    if (caller.authorization().isEmpty()) {
      return KeyspaceAccess.NOBODY;
    }
    String token = caller.authorization().get();
    if (tokens.knownFrom(token) <= facts.appliedIndex()) {
      return Answer.now(known(token));
    }
    return barrier.await().handle((nothing, failed) -> known(token));
  }

  private Answer<Requester> known(String token) {
    Optional<Tokens.Bearer> bearer = tokens.bearer(token);
    return bearer.isEmpty()
        ? new Answer.Refused<>(new Refusal.Accounts(Reason.TOKEN_INVALID))
        : new Answer.Done<>(
            new Requester(
                bearer.get().user(),
                bearer.get().authRevision().orElseGet(() -> states.get().revision())));
  }
}
