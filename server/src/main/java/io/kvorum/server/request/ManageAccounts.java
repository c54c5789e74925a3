// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.auth.AuthState;
import io.kvorum.server.auth.RoleRecord;
import io.kvorum.server.auth.UserRecord;
import io.kvorum.server.command.AuthCommand;
import io.kvorum.server.command.AuthCommand.Password;
import io.kvorum.server.command.AuthCommand.Permission;
import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Accounts.Reason;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.command.V3Request.Requester;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.consensus.ReadBarrier;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Users, roles and the switch of the v3 API: what only root may see and change, apart from what a
 * user may know of itself. Callable from any thread.
 */
public final class ManageAccounts {

  private final AdminAccess access;
  private final Identification identification;
  private final Supplier<AuthState> states;
  private final ReadBarrier barrier;
  private final Proposals proposals;
  private final PasswordForm passwords;
  private final KeyspaceLimits limits;

  public ManageAccounts(
      AdminAccess access,
      Identification identification,
      Supplier<AuthState> states,
      ReadBarrier barrier,
      Proposals proposals,
      PasswordForm passwords,
      KeyspaceLimits limits) {
    this.access = access;
    this.identification = identification;
    this.states = states;
    this.barrier = barrier;
    this.proposals = proposals;
    this.passwords = passwords;
    this.limits = limits;
  }

  /**
   * The switch.
   *
   * @param revision of users and roles
   */
  public record Status(boolean enabled, long revision) {

    private static Status of(AuthState state) {
      return new Status(state.enabled(), state.revision());
    }
  }

  // --- changes ---

  /** Carries out a change; the answer is how things are after it. */
  public CompletableFuture<Answer<Status>> change(Caller caller, AuthCommand command) {
    return asRoot(
        caller,
        requester -> {
          Optional<Reason> fault = fault(command);
          return fault.isPresent() ? refused(fault.get()) : propose(requester, command);
        });
  }

  /**
   * Adds a user.
   *
   * @param password as the client gave it
   */
  public CompletableFuture<Answer<Status>> addUser(
      Caller caller, String user, Password password, boolean noPassword) {
    return asRoot(
        caller,
        requester ->
            user.isEmpty()
                ? refused(Reason.USER_EMPTY)
                : Answer.then(
                    noPassword
                        ? Answer.now(new Answer.Done<>(Password.NONE))
                        : passwords.forTheLog(password),
                    form -> propose(requester, new AuthCommand.AddUser(user, form, noPassword))));
  }

  /** Gives a user another password, with which it has to log in again. */
  public CompletableFuture<Answer<Status>> changePassword(
      Caller caller, String user, Password password) {
    return asRoot(
        caller,
        requester ->
            Answer.then(
                passwords.forTheLog(password),
                form -> propose(requester, new AuthCommand.ChangePassword(user, form))));
  }

  private CompletableFuture<Answer<Status>> asRoot(
      Caller caller, Function<Requester, CompletableFuture<Answer<Status>>> then) {
    return KeyspaceAccess.asAdmitted(() -> access.admit(caller, AdminAccess.Right.ROOT), then);
  }

  /** What is wrong with a command whatever the state is. */
  private static Optional<Reason> fault(AuthCommand command) {
    return command instanceof AuthCommand.GrantPermission grant && !grant.permission().isRange()
        ? Optional.of(Reason.MANAGEMENT_INVALID)
        : Optional.empty();
  }

  private CompletableFuture<Answer<Status>> propose(Requester requester, AuthCommand command) {
    V3Request request = new V3Request(requester, command);
    if (EntryCodec.encode(-1, request).data().length() > limits.requestBytesMax()) {
      return Answer.now(
          new Answer.Refused<>(new Refusal.Unsound(Refusal.Unsound.Reason.REQUEST_TOO_LARGE)));
    }
    return proposals
        .propose(request)
        .handle(
            (applied, failed) -> {
              if (applied == null) {
                return Answer.failed(
                    failed == null ? new IllegalStateException("no outcome") : failed);
              }
              return applied.outcome() instanceof Outcome.Refused(var refusal)
                  ? new Answer.Refused<>(refusal)
                  : new Answer.Done<>(Status.of(states.get()));
            });
  }

  // --- what there is ---

  /** Whether authentication is on, and the revision of users and roles; open to everybody. */
  public CompletableFuture<Answer<Status>> status() {
    return Answer.map(current(), Status::of);
  }

  /** The names of all users. */
  public CompletableFuture<Answer<List<String>>> users(Caller caller) {
    return Answer.then(
        access.admit(caller, AdminAccess.Right.ROOT),
        requester ->
            Answer.map(current(), now -> now.users().stream().map(UserRecord::name).toList()));
  }

  /** The names of all roles. */
  public CompletableFuture<Answer<List<String>>> roles(Caller caller) {
    return Answer.then(
        access.admit(caller, AdminAccess.Right.ROOT),
        requester ->
            Answer.map(current(), now -> now.roles().stream().map(RoleRecord::name).toList()));
  }

  /** The roles of one user; everybody may see itself. */
  public CompletableFuture<Answer<List<String>>> user(Caller caller, String name) {
    return one(
        caller,
        (now, asking) -> asking.equals(name),
        now -> now.user(name).map(UserRecord::roles),
        Reason.USER_NOT_FOUND);
  }

  /** The permissions of one role; everybody may see those of the roles that it has. */
  public CompletableFuture<Answer<List<Permission>>> role(Caller caller, String name) {
    return one(
        caller,
        (now, asking) -> now.user(asking).filter(user -> user.roles().contains(name)).isPresent(),
        now -> now.role(name).map(RoleRecord::permissions),
        Reason.ROLE_NOT_FOUND);
  }

  private <T> CompletableFuture<Answer<T>> one(
      Caller caller,
      BiPredicate<AuthState, String> own,
      Function<AuthState, Optional<T>> find,
      Reason missing) {
    return Answer.then(
        current(),
        now ->
            Answer.then(
                identification.of(caller),
                requester -> {
                  Optional<Reason> objection = now.objectionToRoot(requester.user());
                  if (objection.isPresent() && !own.test(now, requester.user())) {
                    return refused(objection.get());
                  }
                  return find.apply(now)
                      .map(found -> Answer.now(new Answer.Done<>(found)))
                      .orElseGet(() -> refused(missing));
                }));
  }

  /** The state when everything committed before is in it. */
  private CompletableFuture<Answer<AuthState>> current() {
    return barrier
        .await()
        .handle(
            (nothing, failed) ->
                failed == null ? new Answer.Done<>(states.get()) : Answer.failed(failed));
  }

  private static <T> CompletableFuture<Answer<T>> refused(Reason reason) {
    return Answer.now(new Answer.Refused<>(new Refusal.Accounts(reason)));
  }
}
