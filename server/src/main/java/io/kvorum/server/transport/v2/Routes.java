// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.server.transport.net.HttpAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The table of routes of one port. A path is served by its exact route, else by the longest
 * matching tree. Immutable once built.
 */
final class Routes {
  private final Map<String, Route> exact = new HashMap<>();
  private final List<Route> trees = new ArrayList<>();

  /**
   * One route.
   *
   * @param methods those allowed, in the order of the {@code Allow} header; empty for any
   * @param notAllowed what other methods get
   */
  record Route(String path, List<String> methods, HttpAnswer notAllowed, Endpoint endpoint) {

    boolean allows(String method) {
      return methods.isEmpty() || methods.contains(method);
    }
  }

  /** Adds a route for exactly {@code path}. */
  Routes at(String path, String methods, Endpoint endpoint) {
    exact.put(path, route(path, methods, endpoint));
    return this;
  }

  /** Adds a route for {@code path} and everything below it. */
  Routes below(String path, String methods, Endpoint endpoint) {
    trees.add(route(path + "/", methods, endpoint));
    return at(path, methods, endpoint);
  }

  private static Route route(String path, String methods, Endpoint endpoint) {
    var allowed = methods.isEmpty() ? List.<String>of() : List.of(methods.split(",", -1));
    return new Route(path, allowed, notAllowed(methods), endpoint);
  }

  /** What a method gets that is not one of {@code methods}. */
  static HttpAnswer notAllowed(String methods) {
    return HttpAnswer.plainError(405, "Method Not Allowed")
        .with(HttpAnswer.header("Allow", methods));
  }

  /** The paths of all routes; those of trees end in a slash. */
  Set<String> paths() {
    Set<String> paths = new TreeSet<>(exact.keySet());
    trees.forEach(tree -> paths.add(tree.path()));
    return paths;
  }

  Optional<Route> find(String path) {
    var found = Optional.ofNullable(exact.get(path));
    for (var tree : trees) {
      if (path.startsWith(tree.path())
          && (found.isEmpty() || found.get().path().length() < tree.path().length())) {
        found = Optional.of(tree);
      }
    }
    return found;
  }
}
