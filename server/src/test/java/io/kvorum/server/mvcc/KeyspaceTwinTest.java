// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.storage.engine.RocksEngine;
import io.kvorum.server.storage.engine.RocksLimits;
import io.kvorum.server.storage.engine.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random commands against the plain twin, with crashes that lose what was not flushed: what the log
 * would bring back is applied again and must come to the same. {@code -Dseed}, {@code -Dops}.
 */
class KeyspaceTwinTest {

  private static final Table POSITION = new Table("position");
  private static final Bytes AT = Bytes.utf8("at");
  private static final int OPS = Integer.getInteger("ops", 20_000);

  /** A command as the log would hold it, with what it came to; a lease's end when there is none. */
  private record Logged(Optional<KeyspaceCommand> command, long lease, Object result) {}

  private final long seed = Long.getLong("seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final RandomKeyspaceCommands commands = new RandomKeyspaceCommands(seed);
  private final PlainKeyspace twin = new PlainKeyspace(RandomKeyspaceCommands::exists);

  /** The log from entry {@link #logStart} on. */
  private final List<Logged> log = new ArrayList<>();

  private int logStart;
  private int applied;
  private int eventsTaken;
  private int crashes;
  private int compactions;
  private Engine engine = new MemoryEngine(tables());
  private Keyspace store = Keyspace.open(engine);
  private Batch batch = new Batch();

  @Test
  void inMemoryWithCrashesToAnyEarlierFlush() {
    start(new MemoryEngine(tables()));
    run(OPS, old -> ((MemoryEngine) old).crash(random));
  }

  @Test
  void onRocksWithCrashesToTheLastFlush(@TempDir Path folder) {
    Path directory = folder.resolve("store");
    start(rocks(directory));
    run(
        OPS / 4,
        old -> {
          old.close();
          return rocks(directory);
        });
    store.close();
  }

  private static Engine rocks(Path directory) {
    return RocksEngine.open(directory, tables(), RocksLimits.DEFAULT);
  }

  private static List<Table> tables() {
    List<Table> tables = new ArrayList<>(Keyspace.tables());
    tables.add(POSITION);
    return tables;
  }

  private void start(Engine first) {
    engine = first;
    store = Keyspace.open(engine);
  }

  private void run(int ops, UnaryOperator<Engine> crash) {
    try {
      for (int i = 0; i < ops; i++) {
        step();
        if (random.nextInt(400) == 0) {
          crash(crash);
        }
      }
      crash(crash);
      round();
      while (compactOnce()) {}
      assertEquals(twin.historyBytes(), store.read(KeyspaceView::historyBytes));
      assertEquals(twin.hash(0), store.read(view -> view.hash(0)));
      moveToAnotherEngine();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "replay with -Dseed=%d -Dops=%d: entry %d".formatted(seed, OPS, applied), e);
    }
    assertTrue(crashes > 0 && compactions > 0, "crashes and compactions happened");
  }

  /** As etcd's own records, with a compaction under way. */
  private void moveToAnotherEngine() {
    long compacted = twin.compacted;
    twin.apply(new KeyspaceCommand.Compact(twin.revision, false));
    MemoryEngine other = new MemoryEngine(tables());
    KeyspaceImport records = new KeyspaceImport(other);
    try (Cursor cursor = engine.scan(Keyspace.RECORDS, KeyRange.ALL)) {
      while (cursor.next()) {
        records.add(cursor.key(), cursor.value());
      }
    }
    records.finish(twin.compacted, compacted);
    store.close();
    engine.close();
    start(other);
    while (compactOnce()) {}
    assertEquals(twin.historyBytes(), store.read(KeyspaceView::historyBytes));
    store.takeEvents();
    twin.events.clear();
    for (int i = 0; i < 100; i++) {
      step();
    }
  }

  private void step() {
    Optional<KeyspaceCommand> command =
        random.nextInt(30) == 0 ? Optional.empty() : Optional.of(commands.next(twin.revision));
    long lease = commands.lease();
    Object expected =
        command.isPresent() ? twin.apply(command.get()) : (Object) twin.deleteAttached(lease);
    log.add(new Logged(command, lease, expected));
    applyNext();
    if (random.nextInt(8) == 0) {
      round();
      compareEvents();
      compareReads();
    }
    if (random.nextInt(20) == 0) {
      compactOnce();
    }
    if (random.nextInt(150) == 0) {
      flush();
    }
  }

  private void applyNext() {
    Logged next = log.get(applied - logStart);
    Object result =
        next.command.isPresent()
            ? store.apply(next.command.get(), RandomKeyspaceCommands::exists, batch)
            : (Object) store.deleteAttached(next.lease, batch);
    assertEquals(next.result, result, () -> next.command.toString());
    applied++;
  }

  private void round() {
    batch.put(POSITION, AT, KeyspaceRecords.number(applied));
    engine.write(batch);
    batch = new Batch();
    store.publish();
  }

  private void compareEvents() {
    List<KeyEvent> events = store.takeEvents();
    assertEquals(twin.events.subList(eventsTaken, twin.events.size()), events);
    twin.events.clear();
    eventsTaken = 0;
  }

  private void compareReads() {
    for (int i = 0; i < 3; i++) {
      var query = commands.query(twin.revision);
      assertEquals(twin.range(query), store.read(view -> view.range(query)), query::toString);
    }
    long at = commands.near(twin.revision);
    assertEquals(twin.hash(at), store.read(view -> view.hash(at)), () -> "hash at " + at);
    long from = Math.max(twin.compacted, commands.near(twin.revision));
    History history =
        store.read(view -> view.history(from, 1 + random.nextInt(20), 400, true)).orElseThrow();
    assertEquals(twin.events(from, history.next()), history.events(), () -> "from " + from);
    assertTrue(history.next() > from || from > twin.revision, "history comes forward");
    assertEquals(twin.attached(1), store.read(view -> view.attached(1)));
    store.read(
        view -> {
          assertEquals(twin.revision, view.revision());
          assertEquals(twin.compacted, view.compacted());
          return view;
        });
  }

  private boolean compactOnce() {
    round();
    Optional<CompactionStep> step =
        store.read(view -> view.nextCompactionStep(1 + random.nextInt(10)));
    if (step.isEmpty()) {
      return false;
    }
    // What is applied between the plan and its execution changes nothing about what is dead.
    if (random.nextBoolean() && applied - logStart == log.size()) {
      KeyspaceCommand between = commands.next(twin.revision);
      log.add(new Logged(Optional.of(between), 0, twin.apply(between)));
      applyNext();
    }
    store.carryOut(step.get(), batch);
    round();
    compactions += step.get().isLast() ? 1 : 0;
    return true;
  }

  private void flush() {
    round();
    engine.flush();
    log.subList(0, applied - logStart).clear();
    logStart = applied;
  }

  /** Falls back, then applies again what the log has. */
  private void crash(UnaryOperator<Engine> crash) {
    round();
    compareEvents();
    crashes++;
    store.close();
    engine = crash.apply(engine);
    store = Keyspace.open(engine);
    batch = new Batch();
    applied = engine.get(POSITION, AT).map(value -> (int) KeyspaceRecords.number(value)).orElse(0);
    while (applied - logStart < log.size()) {
      applyNext();
      if (random.nextInt(8) == 0) {
        round();
      }
    }
    round();
    store.takeEvents();
    compareReads();
  }
}
