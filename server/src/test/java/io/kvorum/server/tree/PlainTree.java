// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Tree.Code;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.command.TreeEvent.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The slow twin of {@link TreeStore}: one flat map from path to mutable node, every question
 * answered by looking at all of it.
 */
final class PlainTree {

  private static final class Entry {
    boolean directory;
    String value = "";
    long created;
    long modified;
    long expires;
  }

  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Refusal.Tree refusal;

    Stop(Refusal.Tree refusal) {
      super(null, null, false, false);
      this.refusal = refusal;
    }
  }

  private static final Set<String> FIXED = Set.of("/", "/0", "/1");

  private final TreeMap<Bytes, Entry> entries = new TreeMap<>();
  final List<TreeEvent> events = new ArrayList<>();
  long index;

  PlainTree() {
    for (String fixed : FIXED) {
      Entry entry = new Entry();
      entry.directory = true;
      entries.put(Bytes.utf8(fixed), entry);
    }
  }

  Outcome apply(TreeCommand command) {
    try {
      return switch (command) {
        case TreeCommand.Set c -> set(c);
        case TreeCommand.Create c ->
            create(c.path().utf8(), c.directory(), c.value(), c.expiresAt());
        case TreeCommand.CreateInOrder c ->
            create(
                slash(c.path().utf8()) + "%020d".formatted(index + 1),
                c.directory(),
                c.value(),
                c.expiresAt());
        case TreeCommand.Update c -> update(c);
        case TreeCommand.CompareAndSwap c -> swap(c);
        case TreeCommand.Delete c -> delete(c);
        case TreeCommand.CompareAndDelete c -> {
          String path = c.path().utf8();
          matching(path, c.condition());
          yield remove(Action.COMPARE_AND_DELETE, path);
        }
        case TreeCommand.Expire c -> expire(c.upTo());
        case TreeCommand.Read c -> get(c.path().utf8(), c.recursive());
      };
    } catch (Stop stop) {
      return new Outcome.Refused(stop.refusal);
    }
  }

  private Outcome set(TreeCommand.Set c) {
    String path = c.path().utf8();
    Optional<Entry> there = find(path, c.refresh());
    writable(path);
    Optional<NodeView> before = Optional.empty();
    Bytes value = c.value();
    if (there.isPresent()) {
      if (there.get().directory) {
        throw stop(Code.NOT_A_FILE, path);
      }
      before = Optional.of(view(path));
      value = c.refresh() ? Bytes.utf8(there.get().value) : value;
    }
    plant(path, c.directory(), value, c.expiresAt());
    return done(Action.SET, view(path), before, c.refresh());
  }

  private Outcome create(String path, boolean directory, Bytes value, long expires) {
    writable(path);
    if (find(path, false).isPresent()) {
      throw stop(Code.KEY_EXISTS, path);
    }
    plant(path, directory, value, expires);
    return done(Action.CREATE, view(path), Optional.empty(), false);
  }

  private Outcome update(TreeCommand.Update c) {
    String path = c.path().utf8();
    writable(path);
    Entry entry = find(path, true).orElseThrow();
    if (entry.directory && !c.value().isEmpty()) {
      throw stop(Code.NOT_A_FILE, path);
    }
    NodeView before = view(path);
    entry.expires = c.expiresAt();
    if (entry.directory) {
      NodeView now = view(path);
      NodeView shown =
          new NodeView(
              now.key(),
              now.value(),
              true,
              now.expiresAt(),
              now.createdIndex(),
              index + 1,
              List.of());
      return done(Action.UPDATE, shown, Optional.of(before), c.refresh());
    }
    entry.value = c.refresh() ? entry.value : c.value().utf8();
    entry.modified = index + 1;
    return done(Action.UPDATE, view(path), Optional.of(before), c.refresh());
  }

  private Outcome swap(TreeCommand.CompareAndSwap c) {
    String path = c.path().utf8();
    writable(path);
    Entry entry = matching(path, c.condition());
    NodeView before = view(path);
    entry.value = c.refresh() ? entry.value : c.value().utf8();
    entry.modified = index + 1;
    entry.expires = c.expiresAt();
    return done(Action.COMPARE_AND_SWAP, view(path), Optional.of(before), c.refresh());
  }

  private Outcome delete(TreeCommand.Delete c) {
    String path = c.path().utf8();
    writable(path);
    Entry entry = find(path, true).orElseThrow();
    if (entry.directory && !c.directory() && !c.recursive()) {
      throw stop(Code.NOT_A_FILE, path);
    }
    if (entry.directory && !c.recursive() && !below(path).isEmpty()) {
      throw stop(Code.DIRECTORY_NOT_EMPTY, path);
    }
    return remove(Action.DELETE, path);
  }

  private Outcome remove(Action action, String path) {
    Entry entry = at(Bytes.utf8(path));
    NodeView before = view(path);
    NodeView shown =
        new NodeView(
            Bytes.utf8(path),
            Optional.empty(),
            entry.directory,
            0,
            entry.created,
            index + 1,
            List.of());
    below(path).forEach(entries::remove);
    entries.remove(Bytes.utf8(path));
    return done(action, shown, Optional.of(before), false);
  }

  private Outcome expire(long upTo) {
    while (true) {
      Bytes next = null;
      for (var e : entries.entrySet()) {
        long expires = e.getValue().expires;
        if (expires != 0 && expires <= upTo && (next == null || expires < at(next).expires)) {
          next = e.getKey();
        }
      }
      if (next == null) {
        return new Outcome.Done();
      }
      remove(Action.EXPIRE, next.utf8());
    }
  }

  private Outcome get(String path, boolean recursive) {
    find(path, true);
    return new Outcome.TreeChanged(
        new TreeEvent(
            Action.GET, listed(path, recursive ? 1000 : 1), Optional.empty(), false, index));
  }

  private NodeView listed(String path, int levels) {
    NodeView alone = view(path);
    List<NodeView> children = new ArrayList<>();
    for (Bytes other : levels == 0 ? List.<Bytes>of() : below(path)) {
      String name = other.utf8().substring(slash(path).length());
      if (!name.contains("/") && !name.startsWith("_")) {
        children.add(listed(other.utf8(), levels - 1));
      }
    }
    return new NodeView(
        alone.key(),
        alone.value(),
        alone.directory(),
        alone.expiresAt(),
        alone.createdIndex(),
        alone.modifiedIndex(),
        children);
  }

  private void plant(String path, boolean directory, Bytes value, long expires) {
    for (int at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) {
      Bytes parent = Bytes.utf8(path.substring(0, at));
      if (!entries.containsKey(parent)) {
        Entry made = new Entry();
        made.directory = true;
        made.created = index + 1;
        made.modified = index + 1;
        entries.put(parent, made);
      }
    }
    Entry entry = new Entry();
    entry.directory = directory;
    entry.value = directory ? "" : value.utf8();
    entry.created = index + 1;
    entry.modified = index + 1;
    entry.expires = expires < 946_684_800_000_000_000L ? 0 : expires;
    entries.put(Bytes.utf8(path), entry);
  }

  private Outcome done(Action action, NodeView node, Optional<NodeView> before, boolean refresh) {
    index++;
    TreeEvent event = new TreeEvent(action, node, before, refresh, index);
    events.add(event);
    return new Outcome.TreeChanged(event);
  }

  private Entry matching(String path, TreeCommand.Condition condition) {
    Entry entry = find(path, true).orElseThrow();
    if (entry.directory) {
      throw stop(Code.NOT_A_FILE, path);
    }
    List<String> faults = new ArrayList<>();
    String value = condition.value().utf8();
    if (!value.isEmpty() && !value.equals(entry.value)) {
      faults.add("[" + value + " != " + entry.value + "]");
    }
    if (condition.index() != 0 && condition.index() != entry.modified) {
      faults.add("[" + condition.index() + " != " + entry.modified + "]");
    }
    if (!faults.isEmpty()) {
      throw stop(Code.COMPARE_FAILED, String.join(" ", faults));
    }
    return entry;
  }

  /** Stops at a file in the way, and at what is missing if it {@code must} be there. */
  private Optional<Entry> find(String path, boolean must) {
    for (int at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) {
      String parent = path.substring(0, at);
      Entry entry = entries.get(Bytes.utf8(parent));
      if (entry == null) {
        if (must) {
          throw stop(Code.KEY_NOT_FOUND, parent);
        }
        return Optional.empty();
      }
      if (!entry.directory) {
        throw stop(Code.NOT_A_DIRECTORY, parent);
      }
    }
    Entry entry = entries.get(Bytes.utf8(path));
    if (entry == null && must) {
      throw stop(Code.KEY_NOT_FOUND, path);
    }
    return Optional.ofNullable(entry);
  }

  private void writable(String path) {
    if (FIXED.contains(path)) {
      throw stop(Code.ROOT_READ_ONLY, "/");
    }
  }

  private Stop stop(Code code, String cause) {
    return new Stop(new Refusal.Tree(code, Bytes.utf8(cause), index));
  }

  private Entry at(Bytes path) {
    return Optional.ofNullable(entries.get(path)).orElseThrow();
  }

  private NodeView view(String path) {
    Entry entry = at(Bytes.utf8(path));
    return new NodeView(
        Bytes.utf8(path),
        entry.directory ? Optional.empty() : Optional.of(Bytes.utf8(entry.value)),
        entry.directory,
        entry.expires,
        entry.created,
        entry.modified,
        List.of());
  }

  private List<Bytes> below(String path) {
    Bytes prefix = Bytes.utf8(slash(path));
    return entries.keySet().stream()
        .filter(other -> other.startsWith(prefix) && other.length() > prefix.length())
        .toList();
  }

  private static String slash(String path) {
    return path.equals("/") ? path : path + "/";
  }
}
