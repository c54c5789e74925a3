// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.GoTime;
import io.kvorum.base.Utf8;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.StorePath;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.tree.Children.Child;
import io.kvorum.server.tree.TreeStatistics.Counter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The tree as the JSON that is the data of etcd's raft snapshots: what members of 2.3, 3.4 and 3.5
 * start from, written so that they can, and read from all of them.
 *
 * <p>JSON can not hold what is not UTF-8: genuine members lose such bytes in a snapshot. Ours add
 * the exact bytes in members of their own ({@code kvorumPath}, {@code kvorumValue}, base64), which
 * genuine ones pass over. Source: snapshots of etcd 2.3.7 and 3.4.23.
 */
public final class TreeJson {

  static final String RAW_PATH = "kvorumPath";
  static final String RAW_VALUE = "kvorumValue";

  private static final String NEVER = "0001-01-01T00:00:00Z";
  private static final int DRAIN_BYTES = 1 << 16;
  private static final long NANOS = 1_000_000_000L;

  private final OutputStream target;
  private final long nowNanos;
  private final GoJson json = new GoJson(2 * DRAIN_BYTES);

  private TreeJson(OutputStream target, long nowNanos) {
    this.target = target;
    this.nowNanos = nowNanos;
  }

  /**
   * Writes all of {@code view}, with little memory however large it is. Any thread.
   *
   * @param nowNanos Unix nanoseconds, from which the history's {@code ttl} numbers are counted
   */
  public static void write(TreeView view, OutputStream target, long nowNanos) throws IOException {
    new TreeJson(target, nowNanos).write(view);
  }

  /**
   * Reads what a member of any version wrote; does not close {@code source}.
   *
   * @throws io.kvorum.base.MalformedJson when it is not such a text
   */
  public static TreeImage read(InputStream source) {
    return new TreeJsonReader(source).read();
  }

  private void write(TreeView view) throws IOException {
    json.beginObject().name("Root");
    writeNodes(view.root());
    json.name("WatcherHub").beginObject().name("EventHistory").beginObject();
    writeHistory(view.history());
    json.endObject().endObject();
    json.name("CurrentIndex").unsigned(view.index());
    json.name("Stats").beginObject();
    for (Counter counter : Counter.all()) {
      json.name(counter.key()).value(view.statistics().get(counter));
    }
    // Watchers do not survive the snapshot, so none are counted in it.
    json.name("watchers").value(0).endObject();
    json.name("CurrentVersion").value(2).endObject();
    json.drainTo(target);
  }

  private record Level(Bytes path, Iterator<Child> rest) {}

  private void writeNodes(Node.Directory root) throws IOException {
    Deque<Level> levels = new ArrayDeque<>();
    beginNode(StorePath.ROOT, root);
    levels.push(new Level(StorePath.ROOT, root.children().iterator()));
    while (!levels.isEmpty()) {
      Level level = levels.element();
      if (!level.rest.hasNext()) {
        levels.pop();
        json.endObject().endObject();
        continue;
      }
      Child child = level.rest.next();
      Bytes path = StorePath.child(level.path, child.name());
      json.name(child.name());
      beginNode(path, child.node());
      switch (child.node()) {
        case Node.File file -> json.endObject();
        case Node.Directory directory ->
            levels.push(new Level(path, directory.children().iterator()));
      }
      if (json.length() > DRAIN_BYTES) {
        json.drainTo(target);
      }
    }
  }

  /** A file is complete but for its closing brace; a directory stands open for its children. */
  private void beginNode(Bytes path, Node node) {
    Bytes value = node instanceof Node.File file ? file.value() : Bytes.EMPTY;
    json.beginObject().name("Path").value(path);
    json.name("CreatedIndex").unsigned(node.createdIndex());
    json.name("ModifiedIndex").unsigned(node.modifiedIndex());
    json.name("ExpireTime").value(node.expiresAt() == 0 ? NEVER : GoTime.format(node.expiresAt()));
    json.name("Value").value(value);
    writeRaw(path, value);
    json.name("Children");
    switch (node) {
      case Node.File file -> json.nil();
      case Node.Directory directory -> json.beginObject();
    }
  }

  private void writeRaw(Bytes path, Bytes value) {
    if (!Utf8.isValid(path)) {
      json.name(RAW_PATH).value(Base64.getEncoder().encodeToString(path.toArray()));
    }
    if (!Utf8.isValid(value)) {
      json.name(RAW_VALUE).value(Base64.getEncoder().encodeToString(value.toArray()));
    }
  }

  private void writeHistory(EventHistory history) throws IOException {
    List<TreeEvent> events = history.since(0);
    json.name("Queue").beginObject().name("Events").beginArray();
    for (TreeEvent event : events) {
      writeEvent(event);
      if (json.length() > DRAIN_BYTES) {
        json.drainTo(target);
      }
    }
    for (int slot = events.size(); slot < EventHistory.EVENTS_MAX; slot++) {
      json.nil();
    }
    json.endArray().name("Size").value(events.size()).name("Front").value(0);
    json.name("Back").value(events.size() % EventHistory.EVENTS_MAX);
    json.name("Capacity").value(EventHistory.EVENTS_MAX).endObject();
    json.name("StartIndex").unsigned(history.startIndex());
    json.name("LastIndex").unsigned(history.lastIndex());
  }

  private void writeEvent(TreeEvent event) {
    json.beginObject().name("action").value(event.action().text()).name("node");
    writeView(event.node());
    event
        .previous()
        .ifPresent(
            previous -> {
              json.name("prevNode");
              writeView(previous);
            });
    if (event.refresh()) {
      json.name("refresh").value(true);
    }
    json.endObject();
  }

  private void writeView(NodeView view) {
    json.beginObject().name("key").value(view.key());
    view.value().ifPresent(value -> json.name("value").value(value));
    if (view.directory()) {
      json.name("dir").value(true);
    }
    if (view.expiresAt() != 0) {
      json.name("expiration").value(GoTime.format(view.expiresAt()));
      long left = Math.ceilDiv(view.expiresAt() - nowNanos, NANOS);
      if (left > 0) {
        json.name("ttl").value(left);
      }
    }
    json.name("modifiedIndex").unsigned(view.modifiedIndex());
    json.name("createdIndex").unsigned(view.createdIndex());
    writeRaw(view.key(), view.value().orElse(Bytes.EMPTY));
    json.endObject();
  }
}
