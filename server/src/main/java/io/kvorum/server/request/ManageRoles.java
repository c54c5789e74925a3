// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.MalformedJson;
import io.kvorum.server.auth.AuthJson;
import io.kvorum.server.auth.AuthPaths;
import io.kvorum.server.auth.AuthRefused;
import io.kvorum.server.auth.Role;
import io.kvorum.server.command.Refusal.Auth.Kind;
import io.kvorum.server.command.Refusal.Tree.Code;
import io.kvorum.server.consensus.ReadBarrier;
import io.kvorum.server.tree.TreeView;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Shows and changes roles of the v2 API; documents are JSON, as with {@link ManageUsers}. Callable
 * from any thread; rules and texts are recorded behaviour of etcd 2.3.7.
 */
public final class ManageRoles {
  private final Authorisation authorisation;
  private final Supplier<TreeView> views;
  private final ReadBarrier barrier;
  private final AuthWriter writer;

  public ManageRoles(
      Authorisation authorisation,
      Supplier<TreeView> views,
      ReadBarrier barrier,
      AuthWriter writer) {
    this.authorisation = authorisation;
    this.views = views;
    this.barrier = barrier;
    this.writer = writer;
  }

  static AuthRefused unknown(String role) {
    return AuthRefused.auth(Kind.NOT_FOUND, "Role " + role + " does not exist.");
  }

  static AuthRefused invalidJson() {
    return new AuthRefused(Kind.BAD_REQUEST, "Invalid JSON in request body.");
  }

  static AuthRefused invalidPath() {
    return new AuthRefused(Kind.BAD_REQUEST, "Invalid path");
  }

  private <T> CompletableFuture<Answer<T>> asRoot(
      Caller caller, Supplier<CompletableFuture<Answer<T>>> work) {
    return authorisation.ifPermitted(caller, new Access.ManageAuth(), () -> AuthAnswers.of(work));
  }

  private AuthView now() {
    return new AuthView(views.get());
  }

  /** All roles, the built-in one among them. */
  public CompletableFuture<Answer<Bytes>> list(Caller caller) {
    return asRoot(
        caller,
        () -> {
          var json = new GoJson().beginObject().name("roles").beginArray();
          now().roles().forEach(role -> AuthJson.write(json, role));
          return Answer.now(new Answer.Done<>(json.endArray().endObject().newline().toBytes()));
        });
  }

  /** One role. */
  public CompletableFuture<Answer<Bytes>> get(Caller caller, String name) {
    return asRoot(caller, () -> Answer.now(new Answer.Done<>(shown(existing(name)).document())));
  }

  private Role existing(String name) {
    return now().role(name).orElseThrow(() -> unknown(name));
  }

  /** Creates a role, or grants and revokes permissions, as {@code body} says. */
  public CompletableFuture<Answer<Saved>> put(Caller caller, String name, Bytes body) {
    return asRoot(caller, () -> put(name, read(body)));
  }

  private static Role read(Bytes body) {
    try {
      return AuthJson.role(body);
    } catch (MalformedJson malformed) {
      throw invalidJson();
    }
  }

  private CompletableFuture<Answer<Saved>> put(String name, Role given) {
    if (!given.name().equals(name)) {
      throw new AuthRefused(Kind.BAD_REQUEST, "Role JSON name does not match the name in the URL");
    }
    if (given.isChange() && given.hasPermissions()) {
      throw new AuthRefused(
          Kind.BAD_REQUEST, "Role JSON contains both permissions and grant/revoke");
    }
    refuseRoot(name);
    return given.isChange() ? update(given) : create(given);
  }

  private CompletableFuture<Answer<Saved>> create(Role role) {
    return writer
        .create(path(role.name()), stored(role))
        .thenApply(
            outcome ->
                AuthAnswers.written(
                    outcome,
                    new Saved(true, shown(role).document()),
                    Code.KEY_EXISTS,
                    AuthRefused.auth(Kind.CONFLICT, "Role " + role.name() + " already exists.")));
  }

  private CompletableFuture<Answer<Saved>> update(Role given) {
    return barrier
        .await()
        .thenCompose(
            current -> {
              var role = existing(given.name()).changedBy(given);
              return writer
                  .update(path(role.name()), stored(role))
                  .thenApply(
                      outcome ->
                          AuthAnswers.written(
                              outcome, shown(role), Code.KEY_NOT_FOUND, gone(role.name())));
            });
  }

  /** Removes a role; users keep its name. The answer has no content. */
  public CompletableFuture<Answer<Bytes>> delete(Caller caller, String name) {
    return asRoot(
        caller,
        () -> {
          refuseRoot(name);
          return writer
              .delete(path(name))
              .thenApply(
                  outcome ->
                      AuthAnswers.written(outcome, Bytes.EMPTY, Code.KEY_NOT_FOUND, gone(name)));
        });
  }

  private static void refuseRoot(String name) {
    if (name.equals(Role.ROOT)) {
      throw AuthRefused.auth(Kind.FORBIDDEN, "Cannot modify role " + name + ": is root role.");
    }
  }

  private static AuthRefused gone(String name) {
    return AuthRefused.auth(Kind.NOT_FOUND, "Role " + name + " doesn't exist.");
  }

  private static Bytes path(String name) {
    return AuthPaths.of(AuthPaths.ROLES, name).orElseThrow(ManageRoles::invalidPath);
  }

  static Bytes stored(Role role) {
    var json = new GoJson();
    AuthJson.write(json, role);
    return json.toBytes();
  }

  private static Saved shown(Role role) {
    var json = new GoJson();
    AuthJson.write(json, role);
    return new Saved(false, json.newline().toBytes());
  }
}
