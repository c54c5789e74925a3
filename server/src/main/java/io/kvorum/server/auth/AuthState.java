// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.AuthCommand.Permission;
import io.kvorum.server.command.Refusal.Accounts.Reason;
import io.kvorum.server.command.V3Request.Requester;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.pcollections.TreePMap;

/**
 * Users, roles and the switch of the v3 API at one moment, and what they allow. Immutable, any
 * thread; what a user may do is worked out when it is first asked for.
 *
 * <p>Source of the rules and their order: recorded behaviour of etcd 3.4.23.
 */
public final class AuthState {

  static final AuthState EMPTY = new AuthState(false, 1, TreePMap.empty(), TreePMap.empty());

  private final boolean enabled;
  private final long revision;

  /** By the name's bytes, which is etcd's order. */
  private final TreePMap<Bytes, UserRecord> users;

  private final TreePMap<Bytes, RoleRecord> roles;
  private final Map<String, Allowed> allowed = new ConcurrentHashMap<>();

  /** What one user may do without the root role. */
  private record Allowed(RangePermissions reading, RangePermissions writing) {}

  /** What is to be done with a range. */
  public enum Deed {
    READ,
    WRITE
  }

  private AuthState(
      boolean enabled,
      long revision,
      TreePMap<Bytes, UserRecord> users,
      TreePMap<Bytes, RoleRecord> roles) {
    this.enabled = enabled;
    this.revision = revision;
    this.users = users;
    this.roles = roles;
  }

  // --- what there is ---

  public boolean enabled() {
    return enabled;
  }

  /** Grows with every change of users and roles; 1 when there was none. */
  public long revision() {
    return revision;
  }

  public Optional<UserRecord> user(String name) {
    return Optional.ofNullable(users.get(Bytes.utf8(name)));
  }

  public Optional<RoleRecord> role(String name) {
    return Optional.ofNullable(roles.get(Bytes.utf8(name)));
  }

  /** All users, by name. */
  public Collection<UserRecord> users() {
    return users.values();
  }

  /** All roles, by name. */
  public Collection<RoleRecord> roles() {
    return roles.values();
  }

  // --- what it allows ---

  /**
   * Why {@code requester} may not do {@code deed} to a range; empty when it may.
   *
   * @param rangeEnd as in {@link io.kvorum.server.command.KeyspaceCommand#range}
   */
  public Optional<Reason> objection(Requester requester, Deed deed, Bytes key, Bytes rangeEnd) {
    if (!enabled) {
      return Optional.empty();
    }
    if (requester.authRevision() == 0) {
      return Optional.of(Reason.USER_EMPTY);
    }
    if (Long.compareUnsigned(requester.authRevision(), revision) < 0) {
      return Optional.of(Reason.REVISION_OLD);
    }
    Optional<UserRecord> user = user(requester.user());
    return user.isPresent() && (user.get().isRoot() || may(user.get(), deed, key, rangeEnd))
        ? Optional.empty()
        : Optional.of(Reason.PERMISSION_DENIED);
  }

  private boolean may(UserRecord user, Deed deed, Bytes key, Bytes rangeEnd) {
    Allowed found = allowed.computeIfAbsent(user.name(), name -> allowed(user));
    return (deed == Deed.READ ? found.reading() : found.writing()).allow(key, rangeEnd);
  }

  private Allowed allowed(UserRecord user) {
    List<Permission> granted = new ArrayList<>();
    user.roles().forEach(name -> role(name).ifPresent(role -> granted.addAll(role.permissions())));
    return new Allowed(
        RangePermissions.of(
            granted, type -> type == Permission.READ || type == Permission.READ_WRITE),
        RangePermissions.of(
            granted, type -> type == Permission.WRITE || type == Permission.READ_WRITE));
  }

  /** Why {@code user} may not do what only root may; empty when it may. */
  public Optional<Reason> objectionToRoot(String user) {
    if (!enabled) {
      return Optional.empty();
    }
    if (user.isEmpty()) {
      return Optional.of(Reason.USER_EMPTY);
    }
    return user(user)
        .map(
            record ->
                record.isRoot() ? Optional.<Reason>empty() : Optional.of(Reason.PERMISSION_DENIED))
        .orElseGet(() -> Optional.of(Reason.USER_NOT_FOUND));
  }

  // --- the next one ---

  AuthState switched(boolean on) {
    return new AuthState(on, revision, users, roles);
  }

  AuthState at(long next) {
    return new AuthState(enabled, next, users, roles);
  }

  AuthState with(UserRecord user) {
    return new AuthState(enabled, revision, users.plus(Bytes.utf8(user.name()), user), roles);
  }

  AuthState with(RoleRecord role) {
    return new AuthState(enabled, revision, users, roles.plus(Bytes.utf8(role.name()), role));
  }

  AuthState withoutUser(String name) {
    return new AuthState(enabled, revision, users.minus(Bytes.utf8(name)), roles);
  }

  AuthState withoutRole(String name) {
    return new AuthState(enabled, revision, users, roles.minus(Bytes.utf8(name)));
  }
}
