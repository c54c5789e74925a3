// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.server.auth.AuthPaths;
import io.kvorum.server.auth.AuthRefused;
import io.kvorum.server.auth.Role;
import io.kvorum.server.auth.User;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal.Auth.Kind;
import io.kvorum.server.command.Refusal.Tree.Code;
import io.kvorum.server.consensus.ReadBarrier;
import io.kvorum.server.tree.TreeView;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns authentication of the v2 API on and off, for the whole cluster. Any thread. */
public final class SwitchAuth {
  private static final Logger LOG = LoggerFactory.getLogger(SwitchAuth.class);

  private final Authorisation authorisation;
  private final Supplier<TreeView> views;
  private final ReadBarrier barrier;
  private final AuthWriter writer;

  public SwitchAuth(
      Authorisation authorisation,
      Supplier<TreeView> views,
      ReadBarrier barrier,
      AuthWriter writer) {
    this.authorisation = authorisation;
    this.views = views;
    this.barrier = barrier;
    this.writer = writer;
  }

  private AuthView now() {
    return new AuthView(views.get());
  }

  /** Whether it is on, as this member knows it. Open to everybody. */
  public boolean isOn() {
    return now().enabled();
  }

  /** Turns it on; the guests' role is made if there is none. The answer has no content. */
  public CompletableFuture<Answer<Bytes>> turnOn(Caller caller) {
    return whenCurrent(
        caller,
        now -> {
          if (now.enabled()) {
            throw AuthRefused.auth(Kind.CONFLICT, "already enabled");
          }
          if (now.user(User.ROOT).isEmpty()) {
            throw AuthRefused.auth(Kind.CONFLICT, "No root user available, please create one");
          }
          if (now.role(Role.GUEST).isPresent()) {
            return set(true);
          }
          LOG.info("no guest role access found, creating default");
          var path = AuthPaths.of(AuthPaths.ROLES, Role.GUEST).orElseThrow();
          return writer
              .create(path, ManageRoles.stored(Role.guest()))
              .thenCompose(made -> set(true));
        });
  }

  /** Turns it off. The answer has no content. */
  public CompletableFuture<Answer<Bytes>> turnOff(Caller caller) {
    return whenCurrent(
        caller,
        now -> {
          if (!now.enabled()) {
            throw AuthRefused.auth(Kind.CONFLICT, "already disabled");
          }
          return set(false);
        });
  }

  private CompletableFuture<Answer<Bytes>> whenCurrent(Caller caller, Step step) {
    return authorisation.ifPermitted(
        caller,
        new Access.ManageAuth(),
        () ->
            AuthAnswers.of(
                () ->
                    barrier
                        .await()
                        .thenCompose(current -> step.from(now()))
                        .thenApply(SwitchAuth::answer)));
  }

  @FunctionalInterface
  private interface Step {
    CompletableFuture<Outcome> from(AuthView now);
  }

  private CompletableFuture<Outcome> set(boolean on) {
    return writer
        .update(AuthPaths.ENABLED, Bytes.utf8(Boolean.toString(on)))
        .thenApply(
            outcome -> {
              LOG.atInfo().addKeyValue("enabled", on).log("authentication was switched");
              return outcome;
            });
  }

  private static Answer<Bytes> answer(Outcome outcome) {
    return AuthAnswers.written(
        outcome,
        Bytes.EMPTY,
        Code.KEY_NOT_FOUND,
        AuthRefused.auth(Kind.CONFLICT, "already disabled"));
  }
}
