// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.MalformedJson;
import io.kvorum.server.auth.AuthJson;
import io.kvorum.server.auth.AuthPaths;
import io.kvorum.server.auth.AuthRefused;
import io.kvorum.server.auth.Role;
import io.kvorum.server.auth.User;
import io.kvorum.server.command.Refusal.Auth.Kind;
import io.kvorum.server.command.Refusal.Tree.Code;
import io.kvorum.server.consensus.ReadBarrier;
import io.kvorum.server.tree.TreeView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows and changes users of the v2 API. Documents come and go as JSON, because their text is the
 * same in requests, in answers and in the tree. Callable from any thread; rules and texts are
 * recorded behaviour of etcd 2.3.7.
 */
public final class ManageUsers {
  private static final Logger LOG = LoggerFactory.getLogger(ManageUsers.class);

  private final Authorisation authorisation;
  private final Supplier<TreeView> views;
  private final ReadBarrier barrier;
  private final AuthWriter writer;
  private final Passwords passwords;

  public ManageUsers(
      Authorisation authorisation,
      Supplier<TreeView> views,
      ReadBarrier barrier,
      AuthWriter writer,
      Passwords passwords) {
    this.authorisation = authorisation;
    this.views = views;
    this.barrier = barrier;
    this.writer = writer;
    this.passwords = passwords;
  }

  private <T> CompletableFuture<Answer<T>> asRoot(
      Caller caller, Supplier<CompletableFuture<Answer<T>>> work) {
    return authorisation.ifPermitted(caller, new Access.ManageAuth(), () -> AuthAnswers.of(work));
  }

  private AuthView now() {
    return new AuthView(views.get());
  }

  /** All users with their roles; roles that do not exist are left out. */
  public CompletableFuture<Answer<Bytes>> list(Caller caller) {
    return asRoot(caller, () -> Answer.now(new Answer.Done<>(list(now()))));
  }

  private static Bytes list(AuthView now) {
    var json = new GoJson().beginObject().name("users");
    var users = now.users();
    if (users.isEmpty()) {
      json.nil();
    } else {
      json.beginArray();
      for (var user : users) {
        var roles = user.roleNames().stream().flatMap(role -> now.role(role).stream()).toList();
        AuthJson.write(json, user.name(), roles);
      }
      json.endArray();
    }
    return json.endObject().newline().toBytes();
  }

  /** One user; its roles must all exist. */
  public CompletableFuture<Answer<Bytes>> get(Caller caller, String name) {
    return asRoot(caller, () -> Answer.now(new Answer.Done<>(one(now(), name))));
  }

  private static Bytes one(AuthView now, String name) {
    var user = existing(now, name);
    List<Role> roles = new ArrayList<>();
    for (var role : user.roleNames()) {
      roles.add(now.role(role).orElseThrow(() -> ManageRoles.unknown(role)));
    }
    var json = new GoJson();
    AuthJson.write(json, user.name(), roles);
    return json.newline().toBytes();
  }

  private static User existing(AuthView now, String name) {
    return now.user(name)
        .orElseThrow(() -> AuthRefused.auth(Kind.NOT_FOUND, "User " + name + " does not exist."));
  }

  /** Creates a user, changes its password, or grants and revokes, as {@code body} says. */
  public CompletableFuture<Answer<Saved>> put(Caller caller, String name, Bytes body) {
    return asRoot(caller, () -> put(name, read(body)));
  }

  private static User read(Bytes body) {
    try {
      return AuthJson.user(body);
    } catch (MalformedJson malformed) {
      throw ManageRoles.invalidJson();
    }
  }

  private CompletableFuture<Answer<Saved>> put(String name, User given) {
    if (!given.name().equals(name)) {
      throw new AuthRefused(Kind.BAD_REQUEST, "User JSON name does not match the name in the URL");
    }
    boolean namesRoles = !given.roleNames().isEmpty();
    if (given.isChange()) {
      if (namesRoles) {
        throw new AuthRefused(Kind.BAD_REQUEST, "User JSON contains both roles and grant/revoke");
      }
      return update(given);
    }
    if (namesRoles) {
      return create(given, false);
    }
    return barrier
        .await()
        .thenCompose(current -> now().user(name).isPresent() ? update(given) : create(given, true));
  }

  /** {@code shown}: a creation with roles does not say that it is one, a quirk of 2.3.7. */
  private CompletableFuture<Answer<Saved>> create(User given, boolean shown) {
    if (given.password().isEmpty()) {
      throw AuthRefused.auth(
          Kind.BAD_REQUEST, "Cannot create user " + given.name() + " with an empty password");
    }
    var path = path(given.name());
    var user = given.withBuiltInRole();
    return passwords
        .hash(user.password())
        .thenCompose(hash -> writer.create(path, stored(user.withPassword(hash))))
        .thenApply(
            outcome ->
                AuthAnswers.written(
                    outcome,
                    saved(shown, user),
                    Code.KEY_EXISTS,
                    AuthRefused.auth(Kind.CONFLICT, "User " + given.name() + " already exists.")));
  }

  private CompletableFuture<Answer<Saved>> update(User given) {
    var path = path(given.name());
    var hashed =
        given.password().isEmpty()
            ? CompletableFuture.completedFuture("")
            : passwords.hash(given.password());
    return hashed.thenCompose(
        hash ->
            barrier
                .await()
                .thenCompose(
                    current -> {
                      var user = existing(now(), given.name()).changedBy(given.withPassword(hash));
                      return writer
                          .update(path, stored(user))
                          .thenApply(
                              outcome ->
                                  AuthAnswers.written(
                                      outcome,
                                      saved(false, user),
                                      Code.KEY_NOT_FOUND,
                                      gone(given.name())));
                    }));
  }

  private static AuthRefused gone(String name) {
    return AuthRefused.auth(Kind.NOT_FOUND, "User " + name + " does not exist");
  }

  private static Bytes path(String name) {
    return AuthPaths.of(AuthPaths.USERS, name).orElseThrow(ManageRoles::invalidPath);
  }

  private static Bytes stored(User user) {
    var json = new GoJson();
    AuthJson.write(json, user);
    return json.toBytes();
  }

  private static Saved saved(boolean created, User user) {
    var json = new GoJson();
    AuthJson.write(json, user.withPassword(""));
    return new Saved(created, json.newline().toBytes());
  }

  /** Removes a user. The answer has no content. */
  public CompletableFuture<Answer<Bytes>> delete(Caller caller, String name) {
    return asRoot(
        caller,
        () -> {
          if (name.equals(User.ROOT) && now().enabled()) {
            throw AuthRefused.auth(
                Kind.FORBIDDEN, "Cannot delete root user while auth is enabled.");
          }
          return writer
              .delete(path(name))
              .thenApply(
                  outcome -> {
                    LOG.atInfo().addKeyValue("user", name).log("deleting user");
                    return AuthAnswers.written(
                        outcome, Bytes.EMPTY, Code.KEY_NOT_FOUND, gone(name));
                  });
        });
  }
}
