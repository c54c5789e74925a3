// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoTime;
import io.kvorum.base.JsonReader;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.StorePath;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.command.TreeEvent.Action;
import io.kvorum.server.tree.Children.Child;
import io.kvorum.server.tree.TreeStatistics.Counter;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link TreeJson} writes. What is missing keeps its default, what is unknown is lost.
 */
final class TreeJsonReader {

  private static final Map<String, Counter> COUNTERS = new HashMap<>();

  static {
    Counter.all().forEach(counter -> COUNTERS.put(counter.key(), counter));
  }

  private final JsonReader json;
  private final Map<Counter, Long> statistics = new EnumMap<>(Counter.class);
  private final List<TreeEvent> events = new ArrayList<>();
  private Node.Directory root = Node.Directory.empty(0, 0);
  private long index;

  TreeJsonReader(InputStream source) {
    json = new JsonReader(source);
  }

  TreeImage read() {
    json.beginObject();
    while (json.nextMember()) {
      switch (json.name()) {
        case "Root" -> readRoot();
        case "WatcherHub" -> within("EventHistory", () -> within("Queue", this::readQueue));
        case "CurrentIndex" -> index = json.unsigned();
        case "Stats" -> readStatistics();
        default -> json.skip();
      }
    }
    json.end();
    events.sort(Comparator.comparing(TreeEvent::index, Long::compareUnsigned));
    return new TreeImage(root, index, EventHistory.of(newest()), statistics);
  }

  /** Those that the ring of records has a place for. */
  private List<TreeEvent> newest() {
    if (events.isEmpty()) {
      return events;
    }
    long before = events.getLast().index() - EventHistory.EVENTS_MAX;
    return events.stream().filter(event -> event.index() > before).toList();
  }

  /** Reads the object's member {@code wanted} with {@code reader} and skips the rest. */
  private void within(String wanted, Runnable reader) {
    if (json.skipNull()) {
      return;
    }
    json.beginObject();
    while (json.nextMember()) {
      if (json.name().equals(wanted)) {
        reader.run();
      } else {
        json.skip();
      }
    }
  }

  private void readStatistics() {
    if (json.skipNull()) {
      return;
    }
    json.beginObject();
    while (json.nextMember()) {
      Counter counter = COUNTERS.get(json.name());
      if (counter == null) {
        json.skip();
      } else {
        statistics.put(counter, json.unsigned());
      }
    }
  }

  // --- nodes ---

  private static final class Draft {
    Bytes name;
    Bytes value = Bytes.EMPTY;
    long created;
    long modified;
    long expires;
    @Nullable TreeMap<Bytes, Node> children;
    boolean amongChildren;

    Draft(Bytes name) {
      this.name = name;
    }

    Node node() {
      if (children == null) {
        return new Node.File(value, created, modified, expires);
      }
      List<Child> sorted = new ArrayList<>(children.size());
      children.forEach((childName, node) -> sorted.add(new Child(childName, node)));
      return new Node.Directory(Children.ofSorted(sorted), created, modified, expires);
    }
  }

  /** A stack of half-read nodes stands in for recursion: depth is up to the clients. */
  private void readRoot() {
    Deque<Draft> open = new ArrayDeque<>();
    open.push(begin(Bytes.EMPTY));
    while (!open.isEmpty()) {
      Draft draft = open.element();
      if (draft.amongChildren) {
        if (json.nextMember()) {
          open.push(begin(Bytes.utf8(json.name())));
        } else {
          draft.amongChildren = false;
        }
      } else if (json.nextMember()) {
        readMember(draft);
      } else {
        open.pop();
        finish(draft, open.peek());
      }
    }
  }

  private Draft begin(Bytes name) {
    json.beginObject();
    return new Draft(name);
  }

  private void readMember(Draft draft) {
    switch (json.name()) {
      case "CreatedIndex" -> draft.created = json.unsigned();
      case "ModifiedIndex" -> draft.modified = json.unsigned();
      case "ExpireTime" -> draft.expires = deadline(json.text());
      case "Value" -> draft.value = json.string();
      case TreeJson.RAW_PATH -> draft.name = StorePath.name(raw());
      case TreeJson.RAW_VALUE -> draft.value = raw();
      case "Children" -> {
        if (!json.skipNull()) {
          json.beginObject();
          draft.children = new TreeMap<>();
          draft.amongChildren = true;
        }
      }
      default -> json.skip();
    }
  }

  private void finish(Draft draft, @Nullable Draft parent) {
    Node node = draft.node();
    if (parent != null && parent.children != null) {
      parent.children.put(draft.name, node);
    } else if (node instanceof Node.Directory directory) {
      root = directory;
    }
  }

  // --- history ---

  private void readQueue() {
    within(
        "Events",
        () -> {
          if (json.skipNull()) {
            return;
          }
          json.beginArray();
          while (json.nextElement()) {
            if (!json.skipNull()) {
              readEvent();
            }
          }
        });
  }

  private void readEvent() {
    Action action = Action.SET;
    Optional<NodeView> node = Optional.empty();
    Optional<NodeView> previous = Optional.empty();
    boolean refresh = false;
    json.beginObject();
    while (json.nextMember()) {
      switch (json.name()) {
        case "action" -> action = Action.of(json.text());
        case "node" -> node = readView();
        case "prevNode" -> previous = readView();
        case "refresh" -> refresh = json.bool();
        default -> json.skip();
      }
    }
    if (node.isPresent()) {
      long at = node.get().modifiedIndex();
      events.add(new TreeEvent(action, node.get(), previous, refresh, at));
    }
  }

  private Optional<NodeView> readView() {
    if (json.skipNull()) {
      return Optional.empty();
    }
    Bytes key = Bytes.EMPTY;
    Optional<Bytes> value = Optional.empty();
    boolean directory = false;
    long expires = 0;
    long created = 0;
    long modified = 0;
    json.beginObject();
    while (json.nextMember()) {
      switch (json.name()) {
        case "key" -> key = json.string();
        case "value" -> value = json.skipNull() ? value : Optional.of(json.string());
        case "dir" -> directory = json.bool();
        case "expiration" -> expires = json.skipNull() ? 0 : deadline(json.text());
        case "createdIndex" -> created = json.unsigned();
        case "modifiedIndex" -> modified = json.unsigned();
        case TreeJson.RAW_PATH -> key = raw();
        case TreeJson.RAW_VALUE -> value = Optional.of(raw());
        default -> json.skip();
      }
    }
    return Optional.of(new NodeView(key, value, directory, expires, created, modified, List.of()));
  }

  private Bytes raw() {
    return Bytes.wrap(Base64.getDecoder().decode(json.text()));
  }

  /** Go's zero moment, in the year 1, stands for "never". */
  private static long deadline(String text) {
    return text.startsWith("0001-") ? 0 : GoTime.parse(text);
  }
}
