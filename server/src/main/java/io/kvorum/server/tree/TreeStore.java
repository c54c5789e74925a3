// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal.Tree.Code;
import io.kvorum.server.command.StorePath;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.command.TreeCommand.Condition;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.command.TreeEvent.Action;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Table;
import io.kvorum.server.tree.Branches.Found;
import io.kvorum.server.tree.TreeStatistics.Counter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The v2 keyspace.
 *
 * <p>Problem: results must be exactly those of etcd 2.3.7 and 3.4, index by index, as a genuine
 * member may apply the same log; readers and snapshots must never wait for a write; a restart must
 * find everything.
 *
 * <p>Idea: an immutable tree whose changes copy the way from the root. {@link #apply} works on the
 * round's own root and puts the touched records into the round's batch; {@link #publish} lets
 * readers have the new root, once the batch is visible.
 *
 * <pre>
 *   apply(command, batch)* ─▶ engine.write(batch) ─▶ publish() ─▶ view()
 *                 └─ events ────────────────────────▶ takeEvents()
 * </pre>
 *
 * <p>What must hold: each success raises the index by one and is one event of the history; what is
 * in the table after a batch is what {@link #open} would load into an equal store. A deadline is
 * data: no clock is read here.
 *
 * <p>Owned by the apply thread; only {@link #view} may be called by others.
 */
public final class TreeStore {

  /** The table that the engine must have been opened with. */
  public static final Table TABLE = TreeRecords.TABLE;

  private static final Set<Bytes> READ_ONLY =
      Set.of(StorePath.ROOT, Bytes.utf8("/0"), Bytes.utf8("/1"));

  /** 2000-01-01T00:00:00Z: what expires earlier is a number that overflowed, and never expires. */
  private static final long EXPIRES_AT_MIN = 946_684_800_000_000_000L;

  private final TreeStatistics statistics = new TreeStatistics();
  private final Deadlines deadlines = new Deadlines();
  private final List<TreeEvent> events = new ArrayList<>();
  private Node.Directory root;
  private long index;
  private EventHistory history;
  private Map<Long, Node.Directory> removed = new HashMap<>();
  private boolean statisticsSaved;
  private volatile TreeView view;

  private TreeStore(TreeImage image) {
    root = image.root();
    index = image.index();
    history = image.history();
    image.statistics().forEach(statistics::add);
    Branches.walk(StorePath.ROOT, root, deadlines::add);
    view = look();
  }

  /** Loads nodes and history from {@link #TABLE}; an empty table is a tree at index 0. */
  public static TreeStore open(Engine engine) {
    return new TreeStore(TreeLoader.load(engine));
  }

  /** The state that readers may see. Any thread. */
  public TreeView view() {
    return view;
  }

  /** Makes what was applied so far visible. The batches of it must be visible already. */
  public void publish() {
    view = look();
    removed = new HashMap<>();
    statisticsSaved = false;
  }

  private TreeView look() {
    return new TreeView(root, index, history, deadlines.earliest(), removed, statistics);
  }

  /** The store index after everything applied so far, published or not. */
  public long index() {
    return index;
  }

  /** What happened since the last call, in order, refreshes included. */
  public List<TreeEvent> takeEvents() {
    List<TreeEvent> taken = List.copyOf(events);
    events.clear();
    return taken;
  }

  /** Carries out one command and adds the records it changed to {@code batch}. */
  public Outcome apply(TreeCommand command, Batch batch) {
    if (!statisticsSaved) {
      batch.put(TABLE, TreeRecords.STATISTICS_KEY, TreeRecords.statistics(statistics));
      statisticsSaved = true;
    }
    Outcome outcome = carryOut(command, batch);
    statistics.count(command, outcome);
    return outcome;
  }

  private Outcome carryOut(TreeCommand command, Batch batch) {
    return switch (command) {
      case TreeCommand.Set set -> set(set, batch);
      case TreeCommand.Create create -> create(create, batch);
      case TreeCommand.CreateInOrder create -> create(inOrder(create), batch);
      case TreeCommand.Update update -> update(update, batch);
      case TreeCommand.CompareAndSwap swap -> compareAndSwap(swap, batch);
      case TreeCommand.Delete delete -> delete(delete, batch);
      case TreeCommand.CompareAndDelete delete -> compareAndDelete(delete, batch);
      case TreeCommand.Expire expire -> expire(expire.upTo(), batch);
      case TreeCommand.Read read -> TreeView.read(root, read.path(), read.recursive(), index);
    };
  }

  /**
   * Becomes what {@code image} holds, whatever was before. The round must hold nothing else, and
   * watchers must be told by other means: there are no events.
   */
  public void replaceAll(TreeImage image, Batch batch) {
    batch.deleteRange(TABLE, KeyRange.ALL);
    root = image.root();
    index = image.index();
    history = image.history();
    events.clear();
    removed.clear();
    statistics.reset();
    image.statistics().forEach(statistics::add);
    deadlines.clear();
    batch.put(TABLE, TreeRecords.INDEX_KEY, TreeRecords.index(index));
    batch.put(TABLE, TreeRecords.STATISTICS_KEY, TreeRecords.statistics(statistics));
    Branches.walk(
        StorePath.ROOT,
        root,
        (path, node) -> {
          deadlines.add(path, node);
          batch.put(TABLE, TreeRecords.nodeKey(path), TreeRecords.node(node));
        });
    for (TreeEvent event : history.since(0)) {
      batch.put(TABLE, TreeRecords.eventKey(event.index()), TreeRecords.event(event));
    }
  }

  // --- the operations ---

  private Outcome set(TreeCommand.Set set, Batch batch) {
    return switch (Branches.find(root, set.path())) {
      case Found.Blocked(Bytes file) -> refused(Code.NOT_A_DIRECTORY, file);
      case Found.Missing(Bytes missing) when set.refresh() -> refused(Code.KEY_NOT_FOUND, missing);
      case Found.Missing missing -> plant(set, set.value(), Optional.empty(), batch);
      case Found.There(Node.Directory directory) ->
          refused(readOnlyOr(set.path(), Code.NOT_A_FILE), set.path());
      case Found.There(Node.File file) -> {
        deadlines.remove(set.path(), file);
        Bytes value = set.refresh() ? file.value() : set.value();
        NodeView previous = Pictures.alone(set.path().compact(), file);
        yield plant(set, value, Optional.of(previous), batch);
      }
    };
  }

  private Outcome plant(
      TreeCommand.Set set, Bytes value, Optional<NodeView> previous, Batch batch) {
    Node node = fresh(set.directory(), value, set.expiresAt());
    return planted(Action.SET, set.path(), node, previous, set.refresh(), batch);
  }

  private Outcome create(TreeCommand.Create create, Batch batch) {
    Bytes path = create.path();
    if (READ_ONLY.contains(path)) {
      return refused(Code.ROOT_READ_ONLY, path);
    }
    return switch (Branches.find(root, path)) {
      case Found.There there -> refused(Code.KEY_EXISTS, path);
      case Found.Blocked(Bytes file) -> refused(Code.NOT_A_DIRECTORY, file);
      case Found.Missing missing -> {
        Node node = fresh(create.directory(), create.value(), create.expiresAt());
        yield planted(Action.CREATE, path, node, Optional.empty(), false, batch);
      }
    };
  }

  private TreeCommand.Create inOrder(TreeCommand.CreateInOrder create) {
    String digits = Long.toUnsignedString(index + 1);
    Bytes name = Bytes.utf8("0".repeat(20 - digits.length()) + digits);
    return new TreeCommand.Create(
        StorePath.child(create.path(), name),
        create.directory(),
        create.value(),
        create.expiresAt());
  }

  private Node fresh(boolean directory, Bytes value, long expiresAt) {
    long kept = expiresAt < EXPIRES_AT_MIN ? 0 : expiresAt;
    return directory
        ? Node.Directory.empty(index + 1, kept)
        : new Node.File(value.compact(), index + 1, index + 1, kept);
  }

  private Outcome planted(
      Action action,
      Bytes path,
      Node node,
      Optional<NodeView> previous,
      boolean refresh,
      Batch batch) {
    put(path, node, batch);
    deadlines.add(path, node);
    NodeView shown = Pictures.alone(path.compact(), node);
    return changed(new TreeEvent(action, shown, previous, refresh, index + 1), batch);
  }

  private Outcome update(TreeCommand.Update update, Batch batch) {
    Bytes path = update.path();
    if (READ_ONLY.contains(path)) {
      return refused(Code.ROOT_READ_ONLY, path);
    }
    return switch (Branches.find(root, path)) {
      case Found.There(Node.Directory directory) ->
          update.value().isEmpty()
              ? updateDirectory(update, directory, batch)
              : refused(Code.NOT_A_FILE, path);
      case Found.There(Node.File file) -> {
        Bytes value = update.refresh() ? file.value() : update.value();
        yield rewritten(
            Action.UPDATE, path, file, value, update.expiresAt(), update.refresh(), batch);
      }
      case Found.Missing(Bytes missing) -> refused(Code.KEY_NOT_FOUND, missing);
      case Found.Blocked(Bytes file) -> refused(Code.NOT_A_DIRECTORY, file);
    };
  }

  /** The event bears the new index but the directory keeps its own: a quirk of 2.3.7 and 3.4. */
  private Outcome updateDirectory(
      TreeCommand.Update update, Node.Directory directory, Batch batch) {
    Bytes path = update.path();
    Node.Directory updated =
        new Node.Directory(
            directory.children(),
            directory.createdIndex(),
            directory.modifiedIndex(),
            update.expiresAt());
    deadlines.remove(path, directory);
    put(path, updated, batch);
    deadlines.add(path, updated);
    NodeView shown =
        new NodeView(
            path.compact(),
            Optional.empty(),
            true,
            updated.expiresAt(),
            updated.createdIndex(),
            index + 1,
            List.of());
    NodeView previous = Pictures.alone(shown.key(), directory);
    return changed(
        new TreeEvent(Action.UPDATE, shown, Optional.of(previous), update.refresh(), index + 1),
        batch);
  }

  private Outcome compareAndSwap(TreeCommand.CompareAndSwap swap, Batch batch) {
    Bytes path = swap.path();
    if (READ_ONLY.contains(path)) {
      return refused(Code.ROOT_READ_ONLY, path);
    }
    return switch (Branches.find(root, path)) {
      case Found.There(Node.File file) -> {
        Optional<Bytes> unequal = compare(swap.condition(), file);
        Bytes value = swap.refresh() ? file.value() : swap.value();
        yield unequal.isPresent()
            ? refused(Code.COMPARE_FAILED, unequal.get())
            : rewritten(
                Action.COMPARE_AND_SWAP,
                path,
                file,
                value,
                swap.expiresAt(),
                swap.refresh(),
                batch);
      }
      case Found.There(Node.Directory directory) -> refused(Code.NOT_A_FILE, path);
      case Found.Missing(Bytes missing) -> refused(Code.KEY_NOT_FOUND, missing);
      case Found.Blocked(Bytes file) -> refused(Code.NOT_A_DIRECTORY, file);
    };
  }

  /** A file changes in place: unlike a set this keeps the created index and old deadlines. */
  private Outcome rewritten(
      Action action,
      Bytes path,
      Node.File file,
      Bytes value,
      long expiresAt,
      boolean refresh,
      Batch batch) {
    Node.File updated = new Node.File(value.compact(), file.createdIndex(), index + 1, expiresAt);
    deadlines.remove(path, file);
    put(path, updated, batch);
    deadlines.add(path, updated);
    NodeView shown = Pictures.alone(path.compact(), updated);
    NodeView previous = Pictures.alone(shown.key(), file);
    return changed(new TreeEvent(action, shown, Optional.of(previous), refresh, index + 1), batch);
  }

  private Outcome delete(TreeCommand.Delete delete, Batch batch) {
    Bytes path = delete.path();
    if (READ_ONLY.contains(path)) {
      return refused(Code.ROOT_READ_ONLY, path);
    }
    return switch (Branches.find(root, path)) {
      case Found.There(Node.Directory directory) when !delete.directory() && !delete.recursive() ->
          refused(Code.NOT_A_FILE, path);
      case Found.There(Node.Directory directory)
          when !delete.recursive() && !directory.children().isEmpty() ->
          refused(Code.DIRECTORY_NOT_EMPTY, path);
      case Found.There(Node node) -> removed(Action.DELETE, path, node, batch);
      case Found.Missing(Bytes missing) -> refused(Code.KEY_NOT_FOUND, missing);
      case Found.Blocked(Bytes file) -> refused(Code.NOT_A_DIRECTORY, file);
    };
  }

  private Outcome compareAndDelete(TreeCommand.CompareAndDelete delete, Batch batch) {
    Bytes path = delete.path();
    return switch (Branches.find(root, path)) {
      case Found.There(Node.File file) -> {
        Optional<Bytes> unequal = compare(delete.condition(), file);
        yield unequal.isPresent()
            ? refused(Code.COMPARE_FAILED, unequal.get())
            : removed(Action.COMPARE_AND_DELETE, path, file, batch);
      }
      case Found.There(Node.Directory directory) -> refused(Code.NOT_A_FILE, path);
      case Found.Missing(Bytes missing) -> refused(Code.KEY_NOT_FOUND, missing);
      case Found.Blocked(Bytes file) -> refused(Code.NOT_A_DIRECTORY, file);
    };
  }

  private Outcome expire(long upTo, Batch batch) {
    Optional<Bytes> next = deadlines.next(upTo);
    while (next.isPresent()) {
      Found found = Branches.find(root, next.get());
      if (!(found instanceof Found.There(Node node))) {
        throw new IllegalStateException("a deadline without a node: " + next.get());
      }
      removed(Action.EXPIRE, next.get(), node, batch);
      statistics.count(Counter.EXPIRE_COUNT);
      next = deadlines.next(upTo);
    }
    return new Outcome.Done();
  }

  // --- what they share ---

  private Outcome removed(Action action, Bytes path, Node node, Batch batch) {
    deadlines.removeAll(path, node);
    root = Branches.remove(root, path);
    batch.delete(TABLE, TreeRecords.nodeKey(path));
    if (node instanceof Node.Directory directory && !directory.children().isEmpty()) {
      batch.deleteRange(TABLE, TreeRecords.below(path));
      removed.put(index + 1, directory);
    }
    NodeView shown =
        new NodeView(
            path.compact(),
            Optional.empty(),
            node instanceof Node.Directory,
            0,
            node.createdIndex(),
            index + 1,
            List.of());
    NodeView previous = Pictures.alone(shown.key(), node);
    return changed(new TreeEvent(action, shown, Optional.of(previous), false, index + 1), batch);
  }

  private void put(Bytes path, Node node, Batch batch) {
    Branches.Planted planted = Branches.put(root, path, node, index + 1);
    root = planted.root();
    for (Bytes made : planted.made()) {
      Node directory = Node.Directory.empty(index + 1, 0);
      batch.put(TABLE, TreeRecords.nodeKey(made), TreeRecords.node(directory));
    }
    batch.put(TABLE, TreeRecords.nodeKey(path), TreeRecords.node(node));
  }

  private Outcome changed(TreeEvent event, Batch batch) {
    index = event.index();
    history = history.with(event);
    events.add(event);
    batch.put(TABLE, TreeRecords.eventKey(index), TreeRecords.event(event));
    return new Outcome.TreeChanged(event);
  }

  /** The text that says which condition fails; empty when all hold. */
  private static Optional<Bytes> compare(Condition condition, Node.File file) {
    boolean valueDiffers = !condition.value().isEmpty() && !condition.value().equals(file.value());
    boolean indexDiffers = condition.index() != 0 && condition.index() != file.modifiedIndex();
    if (!valueDiffers && !indexDiffers) {
      return Optional.empty();
    }
    Bytes values = valueDiffers ? unequal(condition.value(), file.value()) : Bytes.EMPTY;
    Bytes indexes =
        indexDiffers
            ? unequal(decimal(condition.index()), decimal(file.modifiedIndex()))
            : Bytes.EMPTY;
    Bytes gap = valueDiffers && indexDiffers ? Bytes.utf8(" ") : Bytes.EMPTY;
    return Optional.of(values.concat(gap).concat(indexes));
  }

  private static Bytes unequal(Bytes given, Bytes actual) {
    return Bytes.utf8("[")
        .concat(given)
        .concat(Bytes.utf8(" != "))
        .concat(actual)
        .concat(Bytes.utf8("]"));
  }

  private static Bytes decimal(long unsigned) {
    return Bytes.utf8(Long.toUnsignedString(unsigned));
  }

  private Code readOnlyOr(Bytes path, Code other) {
    return READ_ONLY.contains(path) ? Code.ROOT_READ_ONLY : other;
  }

  private Outcome refused(Code code, Bytes cause) {
    return TreeView.refused(code, code == Code.ROOT_READ_ONLY ? StorePath.ROOT : cause, index);
  }
}
