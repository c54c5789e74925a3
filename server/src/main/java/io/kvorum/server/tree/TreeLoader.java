// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.StorePath;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.View;
import io.kvorum.server.tree.Children.Child;
import io.kvorum.server.tree.TreeStatistics.Counter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a tree from its table, each record once. */
final class TreeLoader {

  private TreeLoader() {}

  static TreeImage load(View view) {
    EventHistory history = EventHistory.of(events(view));
    long base =
        view.get(TreeRecords.TABLE, TreeRecords.INDEX_KEY).map(TreeRecords::index).orElse(0L);
    long index = history.size() == 0 ? base : history.lastIndex();
    return new TreeImage(root(view), index, history, statistics(view));
  }

  private static List<TreeEvent> events(View view) {
    List<TreeEvent> events = new ArrayList<>();
    try (Cursor cursor = view.scan(TreeRecords.TABLE, TreeRecords.EVENTS)) {
      while (cursor.next()) {
        events.add(TreeRecords.event(cursor.value()));
      }
    }
    events.sort(Comparator.comparing(TreeEvent::index, Long::compareUnsigned));
    return events;
  }

  private static Map<Counter, Long> statistics(View view) {
    TreeStatistics saved = new TreeStatistics();
    view.get(TreeRecords.TABLE, TreeRecords.STATISTICS_KEY)
        .ifPresent(record -> TreeRecords.statistics(record, saved));
    Map<Counter, Long> counts = new EnumMap<>(Counter.class);
    Counter.all().forEach(counter -> counts.put(counter, saved.get(counter)));
    return counts;
  }

  /** From the last path to the first: what is in a directory is complete before the directory. */
  private static Node.Directory root(View view) {
    Map<Bytes, List<Child>> waiting = new HashMap<>();
    Optional<Bytes> rootRecord = Optional.empty();
    try (Cursor cursor = view.scan(TreeRecords.TABLE, TreeRecords.NODES, View.Order.DESCENDING)) {
      while (cursor.next()) {
        Bytes path = TreeRecords.pathOf(cursor.key());
        if (path.equals(StorePath.ROOT)) {
          rootRecord = Optional.of(cursor.value());
          continue;
        }
        Node node = TreeRecords.node(cursor.value(), children(waiting.remove(path)));
        waiting
            .computeIfAbsent(StorePath.parent(path), parent -> new ArrayList<>())
            .add(new Child(StorePath.name(path).compact(), node));
      }
    }
    Children top = children(waiting.remove(StorePath.ROOT));
    // The fixed directories have records only after a snapshot was installed.
    for (Bytes fixed : List.copyOf(waiting.keySet())) {
      Children content = children(waiting.remove(fixed));
      top = top.with(StorePath.name(fixed), Node.Directory.empty(0, 0).with(content));
    }
    Node.Directory root = Node.Directory.empty(0, 0);
    if (rootRecord.isPresent()
        && TreeRecords.node(rootRecord.get(), top) instanceof Node.Directory kept) {
      return kept;
    }
    return root.with(top);
  }

  private static Children children(@Nullable List<Child> descending) {
    return descending == null ? Children.EMPTY : Children.ofSorted(descending.reversed());
  }
}
