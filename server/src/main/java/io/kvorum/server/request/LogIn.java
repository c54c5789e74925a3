// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.server.auth.AuthState;
import io.kvorum.server.auth.Tokens;
import io.kvorum.server.auth.UserRecord;
import io.kvorum.server.command.AuthCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Accounts.Reason;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.consensus.ReadBarrier;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a token for a name and a password. Callable from any thread.
 *
 * <pre>
 *   caught up ─▶ password right? ─▶ through the log ─▶ users and roles unchanged? ─▶ token
 *       ▲                                                        │ no
 *       └────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>The log carries no password: the check is done before, and done again when users or roles were
 * changed meanwhile. Source: etcd 3.4.
 */
public final class LogIn {

  private static final Logger LOG = LoggerFactory.getLogger(LogIn.class);

  private final Supplier<AuthState> states;
  private final Tokens tokens;
  private final ReadBarrier barrier;
  private final Proposals proposals;
  private final Passwords passwords;

  public LogIn(
      Supplier<AuthState> states,
      Tokens tokens,
      ReadBarrier barrier,
      Proposals proposals,
      Passwords passwords) {
    this.states = states;
    this.tokens = tokens;
    this.barrier = barrier;
    this.proposals = proposals;
    this.passwords = passwords;
  }

  /** A token for who knows the password of {@code user}. */
  public CompletableFuture<Answer<String>> with(Caller caller, String user, String password) {
    return attempt(caller, user, Bytes.utf8(password), KeyspaceAccess.ATTEMPTS_MAX);
  }

  private CompletableFuture<Answer<String>> attempt(
      Caller caller, String user, Bytes password, int attempts) {
    return barrier
        .await()
        .handle(
            (nothing, failed) ->
                failed == null
                    ? check(caller, user, password)
                    : Answer.now(Answer.<AuthState>failed(failed)))
        .thenCompose(future -> future)
        .thenCompose(
            checked ->
                Answer.then(Answer.now(checked), when -> propose(user, when))
                    .thenCompose(
                        answer ->
                            attempts > 1 && isOvertaken(checked, answer)
                                ? attempt(caller, user, password, attempts - 1)
                                : Answer.now(answer)));
  }

  /** The state in which the password was right. */
  private CompletableFuture<Answer<AuthState>> check(Caller caller, String name, Bytes password) {
    AuthState now = states.get();
    Optional<UserRecord> user = now.user(name);
    if (!now.enabled()) {
      return refused(Reason.NOT_ENABLED);
    }
    if (user.isEmpty()) {
      return refused(Reason.LOGIN_FAILED);
    }
    if (!user.get().hasPassword()) {
      return refused(Reason.NO_PASSWORD_USER);
    }
    return passwords
        .matches(name, password, user.get().password().utf8())
        .handle(
            (right, failed) -> {
              if (failed != null) {
                return Answer.failed(failed);
              }
              if (!right) {
                LOG.atWarn()
                    .addKeyValue("user", name)
                    .addKeyValue("remote", caller.address())
                    .log("incorrect password");
                return new Answer.Refused<>(new Refusal.Accounts(Reason.LOGIN_FAILED));
              }
              return new Answer.Done<>(now);
            });
  }

  private CompletableFuture<Answer<String>> propose(String user, AuthState when) {
    return proposals
        .propose(V3Request.of(new AuthCommand.Authenticate(user, tokens.part())))
        .handle(
            (applied, failed) -> {
              if (applied == null) {
                return Answer.failed(
                    failed == null ? new IllegalStateException("no outcome") : failed);
              }
              return answer(user, when, applied);
            });
  }

  private Answer<String> answer(String user, AuthState when, Applied applied) {
    return switch (applied.outcome()) {
      case Outcome.LoggedIn(var token) ->
          tokens
              .issue(user, when.revision(), token)
              .<Answer<String>>map(Answer.Done::new)
              .orElseGet(
                  () -> new Answer.Refused<>(new Refusal.Accounts(Reason.TOKEN_KEY_MISSING)));
      case Outcome.Refused(var refusal) -> new Answer.Refused<>(refusal);
      default -> throw new IllegalStateException("a log-in came to " + applied.outcome());
    };
  }

  private boolean isOvertaken(Answer<AuthState> checked, Answer<String> answer) {
    return answer instanceof Answer.Done<String>
        && checked instanceof Answer.Done<AuthState>(var when)
        && when.revision() != states.get().revision();
  }

  private static <T> CompletableFuture<Answer<T>> refused(Reason reason) {
    return Answer.now(new Answer.Refused<>(new Refusal.Accounts(reason)));
  }
}
