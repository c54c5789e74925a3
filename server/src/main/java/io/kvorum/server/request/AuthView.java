// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedJson;
import io.kvorum.server.auth.AuthJson;
import io.kvorum.server.auth.AuthPaths;
import io.kvorum.server.auth.Role;
import io.kvorum.server.auth.User;
import io.kvorum.server.tree.TreeView;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Users, roles and the switch as they are at one moment. What cannot be read is not there. */
record AuthView(TreeView tree) {

  boolean enabled() {
    return document(Optional.of(AuthPaths.ENABLED), AuthJson::flag).orElse(false);
  }

  Optional<User> user(String name) {
    return document(AuthPaths.of(AuthPaths.USERS, name), AuthJson::user).map(User::withBuiltInRole);
  }

  Optional<Role> role(String name) {
    return name.equals(Role.ROOT)
        ? Optional.of(Role.root())
        : document(AuthPaths.of(AuthPaths.ROLES, name), AuthJson::role);
  }

  /** All users, by name. */
  List<User> users() {
    return tree.names(AuthPaths.USERS).stream()
        .flatMap(name -> user(name.utf8()).stream())
        .toList();
  }

  /** All roles, by name, the built-in one among them. */
  List<Role> roles() {
    return Stream.concat(Stream.of(Bytes.utf8(Role.ROOT)), tree.names(AuthPaths.ROLES).stream())
        .sorted()
        .distinct()
        .flatMap(name -> role(name.utf8()).stream())
        .toList();
  }

  private <T> Optional<T> document(Optional<Bytes> path, Function<Bytes, T> reader) {
    try {
      return path.flatMap(tree::value).map(reader);
    } catch (MalformedJson malformed) {
      return Optional.empty();
    }
  }
}
