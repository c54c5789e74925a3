// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Refusal.Auth.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A role's document, stored or as a request brings it.
 *
 * @param grant what a request adds
 * @param revoke what a request takes away
 */
public record Role(
    String name,
    Permissions permissions,
    @Nullable Permissions grant,
    @Nullable Permissions revoke) {

  /** Whoever has it may do everything; it is not stored and cannot be changed. */
  public static final String ROOT = "root";

  /** What callers without credentials may do. */
  public static final String GUEST = "guest";

  /** The built-in role. */
  public static Role root() {
    return new Role(ROOT, Permissions.ALL, null, null);
  }

  /** The guests' role as it is made when authentication is turned on. */
  public static Role guest() {
    return new Role(GUEST, Permissions.ALL, null, null);
  }

  /** Whether a request with this document changes a role; otherwise it creates one. */
  public boolean isChange() {
    return !(grant == null || grant.isEmpty()) || !(revoke == null || revoke.isEmpty());
  }

  /** Whether the document names permissions of its own. */
  public boolean hasPermissions() {
    return !permissions.isEmpty();
  }

  /**
   * This role after {@code change}.
   *
   * @throws AuthRefused when something is granted twice, or nothing would change
   */
  public Role changedBy(Role change) {
    var granted = change.grant() == null ? permissions : permissions.granted(change.grant());
    var left = change.revoke() == null ? granted : granted.revoked(change.revoke());
    var changed = new Role(name, left, null, null);
    if (changed.equals(this)) {
      throw AuthRefused.auth(
          Kind.BAD_REQUEST, "Role not updated. Use grant/revoke to update the role.");
    }
    return changed;
  }

  /** Whether {@code key}, as it was asked for, may be read or written. */
  public boolean permits(Bytes key, boolean writing, boolean recursive) {
    return name.equals(ROOT) || permissions.permits(key, writing, recursive);
  }
}
