// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.server.auth.AuthState.Deed;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.Operation;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Accounts.Reason;
import io.kvorum.server.command.V3Request.Requester;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** Decides who may do what to the v3 keyspace. Callable from any thread; never blocks. */
public interface KeyspaceAccess {

  /** As long as authentication is off: everybody may do everything. */
  KeyspaceAccess OFF =
      new KeyspaceAccess() {
        @Override
        public CompletableFuture<Answer<Requester>> admit(Caller caller, Operation operation) {
          return NOBODY;
        }

        @Override
        public CompletableFuture<Answer<Requester>> admit(
            Caller caller, KeyspaceCommand.Compact compact) {
          return NOBODY;
        }

        @Override
        public CompletableFuture<Answer<Requester>> admit(
            Caller caller, Deed deed, Supplier<List<Bytes>> keys) {
          return NOBODY;
        }

        @Override
        public Object moment() {
          return NOBODY;
        }

        @Override
        public Requester root() {
          return Requester.NOBODY;
        }
      };

  /** What a caller is while authentication is off. */
  CompletableFuture<Answer<Requester>> NOBODY = Answer.now(new Answer.Done<>(Requester.NOBODY));

  /** How often a request is let in again because users or roles were changed meanwhile. */
  int ATTEMPTS_MAX = 10;

  /** Who {@code caller} is, if everything in {@code operation} is permitted. */
  CompletableFuture<Answer<Requester>> admit(Caller caller, Operation operation);

  /** Who {@code caller} is, if compacting is permitted. */
  CompletableFuture<Answer<Requester>> admit(Caller caller, KeyspaceCommand.Compact compact);

  /**
   * Who {@code caller} is, if it may do that to each of the keys: those of a lease, which may be
   * asked for more than once.
   */
  CompletableFuture<Answer<Requester>> admit(Caller caller, Deed deed, Supplier<List<Bytes>> keys);

  /**
   * Stands for users and roles as they are now: the same object until they change. A read that was
   * let in before looks behind itself, and tells its result only if nothing changed.
   */
  Object moment();

  /** This member on its own account, as when a lease has run out. */
  Requester root();

  /**
   * Does {@code then} as who the caller is, or answers why it may not; once more when users or
   * roles were changed between the two.
   */
  static <A, T> CompletableFuture<Answer<T>> asAdmitted(
      Supplier<CompletableFuture<Answer<A>>> admission,
      Function<A, CompletableFuture<Answer<T>>> then) {
    return asAdmitted(admission, then, ATTEMPTS_MAX);
  }

  private static <A, T> CompletableFuture<Answer<T>> asAdmitted(
      Supplier<CompletableFuture<Answer<A>>> admission,
      Function<A, CompletableFuture<Answer<T>>> then,
      int attempts) {
    return Answer.then(
        admission.get(),
        admitted ->
            then.apply(admitted)
                .thenCompose(
                    answer ->
                        attempts > 1 && isOld(answer)
                            ? asAdmitted(admission, then, attempts - 1)
                            : Answer.now(answer)));
  }

  private static boolean isOld(Answer<?> answer) {
    return answer instanceof Answer.Refused<?>(Refusal.Accounts(var reason))
        && reason == Reason.REVISION_OLD;
  }

  /** The answer of a read that was overtaken by a change of users or roles. */
  static <T> Answer<T> overtaken() {
    return new Answer.Refused<>(new Refusal.Accounts(Reason.REVISION_OLD));
  }
}
