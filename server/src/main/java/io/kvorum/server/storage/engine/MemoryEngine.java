// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The deterministic twin of the real engine, for simulations and tests: the same promises, nothing
 * on disk, and a {@link #crash} that takes it back in time.
 *
 * <p>All tables are one immutable value, so a snapshot is a reference. Checkpoints are kept by name
 * inside the family of engines that descend from one another.
 */
public final class MemoryEngine implements Engine {

  /** How many states between the last flush and now are remembered as places to fall back to. */
  private static final int STATES_MAX = 64;

  private final Map<Path, Map<Table, TreePMap<Bytes, Bytes>>> checkpoints;
  private final List<Map<Table, TreePMap<Bytes, Bytes>>> sinceFlush = new ArrayList<>();
  private volatile Map<Table, TreePMap<Bytes, Bytes>> now;
  private volatile boolean closed;

  /** An empty store with these tables. */
  public MemoryEngine(Collection<Table> tables) {
    this(empty(tables), new HashMap<>());
  }

  private MemoryEngine(
      Map<Table, TreePMap<Bytes, Bytes>> state,
      Map<Path, Map<Table, TreePMap<Bytes, Bytes>>> checkpoints) {
    this.now = state;
    this.checkpoints = checkpoints;
    this.sinceFlush.add(state);
  }

  private static Map<Table, TreePMap<Bytes, Bytes>> empty(Collection<Table> tables) {
    Map<Table, TreePMap<Bytes, Bytes>> state = new HashMap<>();
    tables.forEach(table -> state.put(table, TreePMap.<Bytes, Bytes>empty()));
    return Map.copyOf(state);
  }

  /** What opens after a crash now, when nothing was flushed but on demand. This one is closed. */
  public synchronized MemoryEngine crash() {
    closed = true;
    return new MemoryEngine(sinceFlush.getFirst(), checkpoints);
  }

  /**
   * What opens after a crash now, when the engine may have flushed by itself in between, as the
   * real one does when its buffers are full. This one is closed.
   */
  public synchronized MemoryEngine crash(RandomGenerator random) {
    closed = true;
    return new MemoryEngine(sinceFlush.get(random.nextInt(sinceFlush.size())), checkpoints);
  }

  /** The store that {@link #checkpoint} made under this name. */
  public synchronized MemoryEngine openCheckpoint(Path directory) {
    Map<Table, TreePMap<Bytes, Bytes>> state = checkpoints.get(directory);
    if (state == null) {
      throw new NoSuchElementException("no checkpoint " + directory);
    }
    return new MemoryEngine(state, checkpoints);
  }

  @Override
  public synchronized void write(Batch batch) {
    requireOpen();
    Map<Table, TreePMap<Bytes, Bytes>> next = new HashMap<>(now);
    for (Batch.Change change : batch.changes()) {
      next.put(change.table(), apply(table(next, change.table()), change));
    }
    now = Map.copyOf(next);
    if (sinceFlush.size() == STATES_MAX) {
      sinceFlush.remove(1);
    }
    sinceFlush.add(now);
  }

  private static TreePMap<Bytes, Bytes> apply(TreePMap<Bytes, Bytes> table, Batch.Change change) {
    return switch (change) {
      case Batch.Put put -> table.plus(put.key(), put.value());
      case Batch.Delete delete -> table.minus(delete.key());
      case Batch.DeleteRange delete -> table.minusAll(select(table, delete.range()).keySet());
    };
  }

  @Override
  public synchronized void flush() {
    requireOpen();
    sinceFlush.clear();
    sinceFlush.add(now);
  }

  @Override
  public synchronized void checkpoint(Path directory) {
    flush();
    if (checkpoints.putIfAbsent(directory, now) != null) {
      throw new IllegalArgumentException("checkpoint " + directory + ": expected a new name");
    }
  }

  @Override
  public Optional<Bytes> get(Table table, Bytes key) {
    requireOpen();
    return Optional.ofNullable(table(now, table).get(key));
  }

  @Override
  public Cursor scan(Table table, KeyRange range, Order order) {
    requireOpen();
    return cursor(now, table, range, order);
  }

  @Override
  public Snapshot snapshot() {
    requireOpen();
    return new MemorySnapshot(this, now);
  }

  /** Nothing is kept here that is not needed. */
  @Override
  public void defragment() {
    flush();
  }

  @Override
  public long sizeBytes() {
    return now.values().stream()
        .flatMap(table -> table.entrySet().stream())
        .mapToLong(record -> (long) record.getKey().length() + record.getValue().length())
        .sum();
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
  }

  private static TreePMap<Bytes, Bytes> table(
      Map<Table, TreePMap<Bytes, Bytes>> state, Table table) {
    TreePMap<Bytes, Bytes> content = state.get(table);
    if (content == null) {
      throw new IllegalArgumentException("table " + table.name() + " was not declared at open");
    }
    return content;
  }

  private static NavigableMap<Bytes, Bytes> select(TreePMap<Bytes, Bytes> table, KeyRange range) {
    if (range.isEmpty()) {
      return TreePMap.<Bytes, Bytes>empty();
    }
    return range.to().isPresent()
        ? table.subMap(range.from(), true, range.to().get(), false)
        : table.tailMap(range.from(), true);
  }

  private Cursor cursor(
      Map<Table, TreePMap<Bytes, Bytes>> state, Table table, KeyRange range, Order order) {
    NavigableMap<Bytes, Bytes> selected = select(table(state, table), range);
    return new MemoryCursor(
        this,
        (order == Order.ASCENDING ? selected : selected.descendingMap()).entrySet().iterator());
  }

  private record MemorySnapshot(MemoryEngine engine, Map<Table, TreePMap<Bytes, Bytes>> state)
      implements Snapshot {

    @Override
    public Optional<Bytes> get(Table table, Bytes key) {
      engine.requireOpen();
      return Optional.ofNullable(table(state, table).get(key));
    }

    @Override
    public Cursor scan(Table table, KeyRange range, Order order) {
      engine.requireOpen();
      return engine.cursor(state, table, range, order);
    }

    @Override
    public void close() {}
  }

  private static final class MemoryCursor implements Cursor {
    private final MemoryEngine engine;
    private final Iterator<Map.Entry<Bytes, Bytes>> records;
    private Map.@Nullable Entry<Bytes, Bytes> present;

    MemoryCursor(MemoryEngine engine, Iterator<Map.Entry<Bytes, Bytes>> records) {
      this.engine = engine;
      this.records = records;
    }

    @Override
    public boolean next() {
      engine.requireOpen();
      present = records.hasNext() ? records.next() : null;
      return present != null;
    }

    @Override
    public Bytes key() {
      return present().getKey();
    }

    @Override
    public Bytes value() {
      return present().getValue();
    }

    private Map.Entry<Bytes, Bytes> present() {
      if (present == null) {
        throw new IllegalStateException("the cursor stands on no record");
      }
      return present;
    }

    @Override
    public void close() {}
  }
}
