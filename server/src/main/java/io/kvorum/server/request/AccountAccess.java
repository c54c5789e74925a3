// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.server.auth.AuthState;
import io.kvorum.server.auth.AuthState.Deed;
import io.kvorum.server.auth.KeyspaceRules;
import io.kvorum.server.auth.UserRecord;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Accounts.Reason;
import io.kvorum.server.command.V3Request.Requester;
import io.kvorum.server.consensus.ReadBarrier;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Decides by the users and roles of the v3 API, as this member knows them.
 *
 * <p>Problem: this member may lag behind, and a refusal by what was true yesterday is wrong. Idea:
 * who is let in is let in at once, as apply looks again; who is not is judged a second time when
 * this member has caught up. What apply does not look at, as 3.4 does not, is judged by a member
 * that has caught up in the first place.
 */
public final class AccountAccess implements KeyspaceAccess, AdminAccess {

  private final Supplier<AuthState> states;
  private final Identification identification;
  private final KeyspaceReading keyspace;
  private final ReadBarrier barrier;

  /** What an admission needs: empty when it is given. */
  private interface Rule extends BiFunction<AuthState, Requester, Optional<Reason>> {}

  /** When this member must have caught up. */
  private enum Currency {
    NEVER,
    BEFORE_A_REFUSAL,
    ALWAYS
  }

  public AccountAccess(
      Supplier<AuthState> states,
      Identification identification,
      KeyspaceReading keyspace,
      ReadBarrier barrier) {
    this.states = states;
    this.identification = identification;
    this.keyspace = keyspace;
    this.barrier = barrier;
  }

  @Override
  public CompletableFuture<Answer<Requester>> admit(Caller caller, Operation operation) {
    return admit(
        caller,
        (state, requester) -> rules(state, requester).objection(operation),
        currency(operation));
  }

  @Override
  public CompletableFuture<Answer<Requester>> admit(
      Caller caller, KeyspaceCommand.Compact compact) {
    return admit(caller, Right.ROOT);
  }

  @Override
  public CompletableFuture<Answer<Requester>> admit(
      Caller caller, Deed deed, Supplier<List<Bytes>> keys) {
    return admit(
        caller,
        (state, requester) ->
            state.enabled()
                ? keys.get().stream()
                    .flatMap(key -> state.objection(requester, deed, key, Bytes.EMPTY).stream())
                    .findFirst()
                : Optional.empty(),
        Currency.BEFORE_A_REFUSAL);
  }

  @Override
  public CompletableFuture<Answer<Requester>> admit(Caller caller, Right right) {
    return admit(
        caller,
        (state, requester) ->
            switch (right) {
              case ROOT -> state.objectionToRoot(requester.user());
              case ANY_USER ->
                  state.enabled() && requester.user().isEmpty()
                      ? Optional.of(Reason.USER_EMPTY)
                      : Optional.empty();
            },
        Currency.BEFORE_A_REFUSAL);
  }

  @Override
  public Object moment() {
    return states.get();
  }

  @Override
  public Requester root() {
    AuthState state = states.get();
    return state.enabled()
        ? new Requester(UserRecord.ROOT_USER, state.revision())
        : Requester.NOBODY;
  }

  // --- how it is decided ---

  private CompletableFuture<Answer<Requester>> admit(Caller caller, Rule rule, Currency currency) {
    if (caller.authorization().isEmpty() && !states.get().enabled()) {
      return NOBODY;
    }
    if (currency == Currency.ALWAYS) {
      return caughtUp(() -> judge(caller, rule));
    }
    CompletableFuture<Answer<Requester>> first = judge(caller, rule);
    return currency == Currency.NEVER
        ? first
        : first.thenCompose(
            answer ->
                answer instanceof Answer.Done<Requester>
                    ? Answer.now(answer)
                    : caughtUp(() -> judge(caller, rule)));
  }

  /** Without a quorum what this member knows has to do. */
  private CompletableFuture<Answer<Requester>> caughtUp(
      Supplier<CompletableFuture<Answer<Requester>>> then) {
    return barrier.await().handle((nothing, failed) -> then.get()).thenCompose(future -> future);
  }

  private CompletableFuture<Answer<Requester>> judge(Caller caller, Rule rule) {
    return Answer.then(
        identification.of(caller),
        requester ->
            Answer.now(
                rule.apply(states.get(), requester)
                    .<Answer<Requester>>map(
                        reason -> new Answer.Refused<>(new Refusal.Accounts(reason)))
                    .orElseGet(() -> new Answer.Done<>(requester))));
  }

  private KeyspaceRules rules(AuthState state, Requester requester) {
    return KeyspaceRules.ofRequests(
        state, requester, lease -> keyspace.read(view -> view.attached(lease)));
  }

  private static Currency currency(Operation operation) {
    return switch (operation) {
      case RangeQuery range -> range.serializable() ? Currency.NEVER : Currency.BEFORE_A_REFUSAL;
      case Txn txn when Soundness.onlyReads(txn) && Soundness.isSerializable(txn) -> Currency.NEVER;
      case Txn txn -> hidesSomething(txn) ? Currency.ALWAYS : Currency.BEFORE_A_REFUSAL;
      case KeyspaceCommand change -> Currency.BEFORE_A_REFUSAL;
    };
  }

  /** Whether there is something in it that is not looked at in the log. */
  private static boolean hidesSomething(Txn txn) {
    return Stream.concat(txn.success().stream(), txn.failure().stream())
        .anyMatch(
            inner ->
                inner instanceof Txn
                    || (inner instanceof Put put && (put.lease() != 0 || put.previous())));
  }
}
