// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.StorePath;
import java.util.List;
import java.util.Optional;

/**
 * Where the v2 tree keeps users and roles: below {@code /2}, as etcd 2.3.7 and 3.4 keep them, so
 * that members of both kinds share them.
 */
public final class AuthPaths {
  public static final Bytes USERS = Bytes.utf8("/2/users");
  public static final Bytes ROLES = Bytes.utf8("/2/roles");

  /** The switch: a file with {@code true} or {@code false}. */
  public static final Bytes ENABLED = Bytes.utf8("/2/enabled");

  /** The directories in the order in which they are made before the first write. */
  public static final List<Bytes> DIRECTORIES = List.of(Bytes.utf8("/2"), USERS, ROLES);

  private AuthPaths() {}

  /** Where the document {@code name} lies; empty when nothing can have this name. */
  public static Optional<Bytes> of(Bytes directory, String name) {
    boolean impossible =
        name.isEmpty() || name.indexOf('/') >= 0 || name.equals(".") || name.equals("..");
    return impossible
        ? Optional.empty()
        : Optional.of(StorePath.child(directory, Bytes.utf8(name)));
  }
}
