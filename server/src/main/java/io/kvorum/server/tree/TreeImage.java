// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import io.kvorum.server.tree.Branches.Found;
import io.kvorum.server.tree.Children.Child;
import io.kvorum.server.tree.TreeStatistics.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A whole tree at rest: loaded from the table or received as a snapshot. Immutable. */
public final class TreeImage {

  private static final Node.Directory EMPTY_DIRECTORY = Node.Directory.empty(0, 0);

  private final Node.Directory root;
  private final long index;
  private final EventHistory history;
  private final Map<Counter, Long> statistics;

  TreeImage(Node.Directory root, long index, EventHistory history, Map<Counter, Long> statistics) {
    this.root = rooted(root);
    this.index = index;
    this.history = history;
    this.statistics = Map.copyOf(statistics);
  }

  /** {@code /0} and {@code /1} are always there. */
  private static Node.Directory rooted(Node.Directory root) {
    Node.Directory complete = root;
    for (String name : List.of("0", "1")) {
      if (root.children().get(Bytes.utf8(name)) == null) {
        complete = complete.with(complete.children().with(Bytes.utf8(name), EMPTY_DIRECTORY));
      }
    }
    return complete;
  }

  /** The file at {@code path}, for those who read membership from a received snapshot. */
  public Optional<Bytes> value(Bytes path) {
    return Branches.find(root, path) instanceof Found.There(Node.File file)
        ? Optional.of(file.value())
        : Optional.empty();
  }

  /** The names in the directory at {@code path} in byte order; none when it is missing. */
  public List<Bytes> names(Bytes path) {
    if (!(Branches.find(root, path) instanceof Found.There(Node.Directory directory))) {
      return List.of();
    }
    List<Bytes> names = new ArrayList<>();
    for (Child child : directory.children()) {
      names.add(child.name());
    }
    return names;
  }

  Node.Directory root() {
    return root;
  }

  /** The store index. */
  public long index() {
    return index;
  }

  EventHistory history() {
    return history;
  }

  Map<Counter, Long> statistics() {
    return statistics;
  }
}
