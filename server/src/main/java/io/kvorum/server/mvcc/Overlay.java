// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Table;
import io.kvorum.server.storage.engine.View;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The engine with the changes of the round in front of it: a command sees what the commands before
 * it did, though nothing of the round is in the engine yet. Owned by the apply thread.
 */
final class Overlay implements View {

  private final Engine engine;
  private final Map<Table, TreeMap<Bytes, Optional<Bytes>>> changes = new HashMap<>();

  Overlay(Engine engine) {
    this.engine = engine;
    KeyspaceRecords.TABLES.forEach(table -> changes.put(table, new TreeMap<>()));
  }

  void put(Table table, Bytes key, Bytes value, Batch batch) {
    batch.put(table, key, value);
    of(table).put(key, Optional.of(value));
  }

  void delete(Table table, Bytes key, Batch batch) {
    batch.delete(table, key);
    of(table).put(key, Optional.empty());
  }

  /** Forgets the round: the engine has it. */
  void clear() {
    changes.values().forEach(TreeMap::clear);
  }

  private TreeMap<Bytes, Optional<Bytes>> of(Table table) {
    TreeMap<Bytes, Optional<Bytes>> changed = changes.get(table);
    if (changed == null) {
      throw new IllegalArgumentException("table " + table.name() + " is not of the keyspace");
    }
    return changed;
  }

  @Override
  public Optional<Bytes> get(Table table, Bytes key) {
    Optional<Bytes> changed = of(table).get(key);
    return changed != null ? changed : engine.get(table, key);
  }

  @Override
  public Cursor scan(Table table, KeyRange range, Order order) {
    NavigableMap<Bytes, Optional<Bytes>> changed = select(of(table), range);
    Cursor stored = engine.scan(table, range, order);
    if (changed.isEmpty()) {
      return stored;
    }
    return new MergedCursor(
        stored, order == Order.ASCENDING ? changed : changed.descendingMap(), order);
  }

  private static NavigableMap<Bytes, Optional<Bytes>> select(
      TreeMap<Bytes, Optional<Bytes>> changed, KeyRange range) {
    if (range.isEmpty()) {
      return new TreeMap<>();
    }
    return range
        .to()
        .map(to -> changed.subMap(range.from(), true, to, false))
        .orElseGet(() -> changed.tailMap(range.from(), true));
  }
}
