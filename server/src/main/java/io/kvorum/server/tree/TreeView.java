// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.StorePath;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.command.TreeEvent.Action;
import io.kvorum.server.tree.Branches.Found;
import io.kvorum.server.tree.TreeStatistics.Counter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The tree between two rounds of commands. Immutable, any thread, no locks. */
public final class TreeView {

  private static final Bytes CLUSTER = Bytes.utf8("0");

  private final Node.Directory root;
  private final long index;
  private final EventHistory history;
  private final OptionalLong earliestDeadline;
  private final Map<Long, Node.Directory> removed;
  private final TreeStatistics statistics;

  TreeView(
      Node.Directory root,
      long index,
      EventHistory history,
      OptionalLong earliestDeadline,
      Map<Long, Node.Directory> removed,
      TreeStatistics statistics) {
    this.root = root;
    this.index = index;
    this.history = history;
    this.earliestDeadline = earliestDeadline;
    this.removed = removed;
    this.statistics = statistics;
  }

  /**
   * Reads one node, a directory with its children ({@code recursive}: with all below); children are
   * in byte order whether {@code sorted} or not. Paths as in {@code TreeCommand}. Counts in {@link
   * #statistics}.
   *
   * @return a {@link Action#GET} event, or a {@link Refusal.Tree}
   */
  public Outcome get(Bytes path, boolean recursive, boolean sorted) {
    Outcome outcome = read(root, path, recursive, index);
    boolean found = outcome instanceof Outcome.TreeChanged;
    statistics.count(found ? Counter.GETS_SUCCESS : Counter.GETS_FAIL);
    return outcome;
  }

  /** The value of the file at {@code path}, for the member's own use: it is not counted. */
  public Optional<Bytes> value(Bytes path) {
    return Branches.find(root, path) instanceof Found.There(Node.File file)
        ? Optional.of(file.value())
        : Optional.empty();
  }

  /** The names in the directory at {@code path} that are not hidden, in byte order; uncounted. */
  public List<Bytes> names(Bytes path) {
    return Branches.find(root, path) instanceof Found.There(Node node)
        ? Pictures.listed(path, node, false).children().stream()
            .map(child -> StorePath.name(child.key()))
            .toList()
        : List.of();
  }

  static Outcome read(Node.Directory root, Bytes path, boolean recursive, long index) {
    return switch (Branches.find(root, path)) {
      case Found.There(Node node) ->
          new Outcome.TreeChanged(
              new TreeEvent(
                  Action.GET,
                  Pictures.listed(path, node, recursive),
                  Optional.empty(),
                  false,
                  index));
      case Found.Missing(Bytes missing) -> refused(Refusal.Tree.Code.KEY_NOT_FOUND, missing, index);
      case Found.Blocked(Bytes file) -> refused(Refusal.Tree.Code.NOT_A_DIRECTORY, file, index);
    };
  }

  static Outcome refused(Refusal.Tree.Code code, Bytes cause, long index) {
    return new Outcome.Refused(new Refusal.Tree(code, cause, index));
  }

  /** The store index: how many changes there were. */
  public long index() {
    return index;
  }

  public EventHistory history() {
    return history;
  }

  /** Whether there is anything besides the cluster's own records: a key, or a user or a role. */
  public boolean isUsed() {
    for (Children.Child child : root.children()) {
      boolean own = child.name().equals(CLUSTER);
      if (!own && child.node() instanceof Node.Directory below && !below.children().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Whether any node has a deadline: whether SYNC has any use. */
  public boolean hasDeadlines() {
    return earliestDeadline.isPresent();
  }

  /** The next deadline in Unix nanoseconds. */
  public OptionalLong earliestDeadline() {
    return earliestDeadline;
  }

  /** Counters shared by all views of this member. */
  public TreeStatistics statistics() {
    return statistics;
  }

  /**
   * Whether the event at {@code eventIndex}, which must be of the round that made this view,
   * removed a directory with something at {@code path} in it.
   */
  public boolean removedWith(long eventIndex, Bytes directory, Bytes path) {
    Node.Directory gone = removed.get(eventIndex);
    return gone != null
        && Branches.find(gone, path.slice(directory.length(), path.length()))
            instanceof Found.There;
  }

  Node.Directory root() {
    return root;
  }
}
