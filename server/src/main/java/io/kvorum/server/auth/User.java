// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.server.command.Refusal.Auth.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user's document, stored or as a request brings it.
 *
 * @param password stored: its bcrypt hash; in a request: in clear, empty when not given
 * @param roles null when never set
 * @param grant roles that a request adds
 * @param revoke roles that a request takes away
 */
public record User(
    String name,
    String password,
    @Nullable List<String> roles,
    List<String> grant,
    List<String> revoke) {

  /** The user without whom authentication cannot be turned on. */
  public static final String ROOT = "root";

  public User {
    roles = TextSet.copy(roles);
    grant = List.copyOf(grant);
    revoke = List.copyOf(revoke);
  }

  /** The same user with another password. */
  public User withPassword(String other) {
    return new User(name, other, roles, grant, revoke);
  }

  /** The same user; the one named root has the role of that name, whatever is stored. */
  public User withBuiltInRole() {
    if (!name.equals(ROOT) || isRoot()) {
      return this;
    }
    var all = new ArrayList<>(roleNames());
    all.add(Role.ROOT);
    return new User(name, password, all, grant, revoke);
  }

  /** Whether the role named root is among the roles. */
  public boolean isRoot() {
    return roleNames().contains(Role.ROOT);
  }

  public List<String> roleNames() {
    return TextSet.orEmpty(roles);
  }

  /** Whether a request with this document grants or revokes. */
  public boolean isChange() {
    return !grant.isEmpty() || !revoke.isEmpty();
  }

  /**
   * This user after {@code change}, whose password is hashed already, or empty to keep the old one.
   *
   * @throws AuthRefused when a role is granted twice or was not granted, or nothing would change
   */
  public User changedBy(User change) {
    var left = TextSet.of(roles);
    for (var role : change.grant()) {
      if (!left.add(role)) {
        throw AuthRefused.auth(
            Kind.CONFLICT, "Granting duplicate role " + role + " for user " + name);
      }
    }
    for (var role : change.revoke()) {
      if (!left.remove(role)) {
        throw AuthRefused.auth(
            Kind.CONFLICT, "Revoking ungranted role " + role + " for user " + name);
      }
    }
    var kept = change.password().isEmpty() ? password : change.password();
    var changed = new User(name, kept, List.copyOf(left), List.of(), List.of());
    if (changed.equals(this)) {
      throw AuthRefused.auth(
          Kind.BAD_REQUEST, "User not updated. Use grant/revoke/password to update the user.");
    }
    return changed;
  }
}
