// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.StorePath;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.command.TreeEvent.Action;
import io.kvorum.server.storage.engine.Table;
import io.kvorum.server.tree.TreeStatistics.Counter;
import java.util.List;
import java.util.Optional;

/**
 * The records of the {@code tree} table; values are protobuf messages so that fields can be added.
 *
 * <pre>
 *   e &lt;2 bytes: index modulo 1000&gt;  an event; a newer one takes the place of the oldest
 *   i                                 the store index of an installed snapshot
 *   n &lt;path&gt;                        a node
 *   s                                 statistics
 * </pre>
 *
 * The store index is that of the newest event, or the one under {@code i} when there is none.
 */
final class TreeRecords {

  static final Table TABLE = new Table("tree");

  static final Bytes INDEX_KEY = Bytes.utf8("i");
  static final Bytes STATISTICS_KEY = Bytes.utf8("s");
  static final KeyRange NODES = KeyRange.prefix(Bytes.utf8("n"));
  static final KeyRange EVENTS = KeyRange.prefix(Bytes.utf8("e"));

  private TreeRecords() {}

  static Bytes nodeKey(Bytes path) {
    byte[] key = new byte[1 + path.length()];
    key[0] = 'n';
    path.copyTo(key, 1);
    return Bytes.wrap(key);
  }

  static Bytes pathOf(Bytes nodeKey) {
    return nodeKey.slice(1, nodeKey.length());
  }

  /** Everything below a directory. */
  static KeyRange below(Bytes path) {
    return KeyRange.prefix(nodeKey(path.equals(StorePath.ROOT) ? path : path.concat(SLASH)));
  }

  private static final Bytes SLASH = Bytes.utf8("/");

  static Bytes node(Node node) {
    Bytes value = node instanceof Node.File file ? file.value() : Bytes.EMPTY;
    ProtoWriter out = new ProtoWriter(48 + value.length());
    out.bool(1, node instanceof Node.Directory);
    out.uint64(2, node.createdIndex());
    out.uint64(3, node.modifiedIndex());
    out.uint64(4, node.expiresAt());
    out.bytes(5, value);
    return out.take();
  }

  /** A directory comes with {@code children}. */
  static Node node(Bytes record, Children children) {
    ProtoReader in = new ProtoReader("tree node", record);
    boolean directory = false;
    long created = 0;
    long modified = 0;
    long expires = 0;
    Bytes value = Bytes.EMPTY;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> directory = in.bool();
        case 2 -> created = in.uint64();
        case 3 -> modified = in.uint64();
        case 4 -> expires = in.uint64();
        case 5 -> value = in.bytes().compact();
        default -> in.skip();
      }
    }
    return directory
        ? new Node.Directory(children, created, modified, expires)
        : new Node.File(value, created, modified, expires);
  }

  static Bytes eventKey(long index) {
    int slot = (int) Long.remainderUnsigned(index, EventHistory.EVENTS_MAX);
    return Bytes.wrap(new byte[] {'e', (byte) (slot >> 8), (byte) slot});
  }

  static Bytes event(TreeEvent event) {
    ProtoWriter out =
        new ProtoWriter(
            48 + size(event.node()) + event.previous().map(TreeRecords::size).orElse(0));
    out.string(1, event.action().text());
    out.uint64(2, event.index());
    out.bool(3, event.refresh());
    view(out, 4, event.node());
    event.previous().ifPresent(previous -> view(out, 5, previous));
    return out.take();
  }

  /** About, and rather too much: what spares the writer from growing. */
  private static int size(NodeView view) {
    return 48 + view.key().length() + view.value().map(Bytes::length).orElse(0);
  }

  static TreeEvent event(Bytes record) {
    ProtoReader in = new ProtoReader("tree event", record.compact());
    Action action = Action.GET;
    long index = 0;
    boolean refresh = false;
    Optional<NodeView> node = Optional.empty();
    Optional<NodeView> previous = Optional.empty();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> action = Action.of(in.string());
        case 2 -> index = in.uint64();
        case 3 -> refresh = in.bool();
        case 4 -> node = Optional.of(view(in.message("tree event node")));
        case 5 -> previous = Optional.of(view(in.message("tree event previous node")));
        default -> in.skip();
      }
    }
    return new TreeEvent(action, node.orElseThrow(), previous, refresh, index);
  }

  private static void view(ProtoWriter out, int field, NodeView view) {
    int mark = out.begin(field);
    out.bytes(1, view.key());
    view.value().ifPresent(value -> out.bytesAlways(2, value));
    out.bool(3, view.directory());
    out.uint64(4, view.expiresAt());
    out.uint64(5, view.createdIndex());
    out.uint64(6, view.modifiedIndex());
    out.end(mark);
  }

  private static NodeView view(ProtoReader in) {
    Bytes key = Bytes.EMPTY;
    Optional<Bytes> value = Optional.empty();
    boolean directory = false;
    long expires = 0;
    long created = 0;
    long modified = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> key = in.bytes();
        case 2 -> value = Optional.of(in.bytes());
        case 3 -> directory = in.bool();
        case 4 -> expires = in.uint64();
        case 5 -> created = in.uint64();
        case 6 -> modified = in.uint64();
        default -> in.skip();
      }
    }
    return new NodeView(key, value, directory, expires, created, modified, List.of());
  }

  /** The counters in their order, fields from 1 on. */
  static Bytes statistics(TreeStatistics statistics) {
    ProtoWriter out = new ProtoWriter();
    for (Counter counter : Counter.all()) {
      out.uint64(counter.ordinal() + 1, statistics.get(counter));
    }
    return out.toBytes();
  }

  static void statistics(Bytes record, TreeStatistics target) {
    ProtoReader in = new ProtoReader("tree statistics", record);
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field <= Counter.all().size()) {
        target.add(Counter.all().get(field - 1), in.uint64());
      } else {
        in.skip();
      }
    }
  }

  static Bytes index(long index) {
    ProtoWriter out = new ProtoWriter();
    out.uint64(1, index);
    return out.toBytes();
  }

  static long index(Bytes record) {
    ProtoReader in = new ProtoReader("tree index", record);
    return in.next() == 1 ? in.uint64() : 0;
  }
}
