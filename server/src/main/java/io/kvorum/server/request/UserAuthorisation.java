// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.server.auth.Role;
import io.kvorum.server.auth.User;
import io.kvorum.server.tree.TreeView;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by the users and roles in the tree, as this member knows them at that moment; while the
 * switch is off everything is allowed. Rules: recorded behaviour of etcd 2.3.7.
 *
 * <pre>
 *   switch off ─────────────────────────────▶ allowed
 *   keys, no credentials ─▶ role guest ─────▶ its patterns, never "recursive"
 *   else: user known, password right ─┬─────▶ keys: the patterns of its roles
 *                                     └─────▶ the rest: the role root
 * </pre>
 */
public final class UserAuthorisation implements Authorisation {
  private static final Logger LOG = LoggerFactory.getLogger(UserAuthorisation.class);

  private final Supplier<TreeView> views;
  private final Passwords passwords;

  public UserAuthorisation(Supplier<TreeView> views, Passwords passwords) {
    this.views = views;
    this.passwords = passwords;
  }

  @Override
  public CompletableFuture<Boolean> permits(Caller caller, Access access) {
    var now = new AuthView(views.get());
    if (!now.enabled()) {
      return Verdict.ALLOWED;
    }
    return switch (access) {
      case Access.ReadKey(var key, var recursive) -> keys(now, caller, key, false, recursive);
      case Access.WriteKey(var key, var recursive) -> keys(now, caller, key, true, recursive);
      case Access.ChangeMembers change -> ifUser(now, caller, User::isRoot);
      case Access.ManageAuth manage -> ifUser(now, caller, User::isRoot);
    };
  }

  private CompletableFuture<Boolean> keys(
      AuthView now, Caller caller, Bytes key, boolean writing, boolean recursive) {
    if (caller.authorization().orElse("").isEmpty()) {
      return CompletableFuture.completedFuture(
          now.role(Role.GUEST).map(role -> role.permits(key, writing, false)).orElse(false));
    }
    return ifUser(
        now,
        caller,
        user ->
            user.roleNames().stream()
                .flatMap(name -> now.role(name).stream())
                .anyMatch(role -> role.permits(key, writing, recursive)));
  }

  /** Whether the caller is a user, and one of that kind. */
  private CompletableFuture<Boolean> ifUser(AuthView now, Caller caller, Predicate<User> allowed) {
    var credentials = caller.authorization().flatMap(Credentials::parse);
    var user = credentials.flatMap(given -> now.user(given.user()));
    if (credentials.isEmpty() || user.isEmpty()) {
      return CompletableFuture.completedFuture(false);
    }
    return passwords
        .matches(user.get().name(), credentials.get().password(), user.get().password())
        .thenApply(
            right -> {
              if (!right) {
                LOG.atWarn()
                    .addKeyValue("user", user.get().name())
                    .addKeyValue("remote", caller.address())
                    .log("incorrect password");
              }
              return right && allowed.test(user.get());
            });
  }
}
