// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.storage.engine.View.Order;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations from a seed on the real engine and on its twin: every answer must be equal, and
 * after a crash the real one must stand at a state the twin had between its last flush and the
 * crash. Seeds are spread over buffer sizes, so that the library also flushes on its own.
 */
final class EnginesAgreeTest {

  private static final List<Table> TABLES =
      List.of(new Table("meta"), new Table("tree"), new Table("key"));
  private static final Table META = TABLES.getFirst();
  private static final Bytes BATCH_NUMBER = Bytes.utf8("batch");

  @TempDir private Path home;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theRealEngineAndItsTwinAnswerAlike(long seed) {
    Run run = new Run(seed, home.resolve("store"));
    try {
      for (int step = 0; step < 1000; step++) {
        run.step();
      }
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    } finally {
      run.real.close();
    }
    assertTrue(run.crashes > 0 && run.checkpoints > 0 && run.scans > 0, "seed " + seed);
  }

  private static final class Run {
    private final SplittableRandom random;
    private final Path home;
    private final RocksLimits limits;
    private final List<MemoryEngine> boundaries = new ArrayList<>();
    private RocksEngine real;
    private MemoryEngine twin = new MemoryEngine(TABLES);
    private Snapshot realSnapshot;
    private Snapshot twinSnapshot;
    private long batches;
    private long durable;
    private int crashes;
    private int checkpoints;
    private int scans;
    private int names;

    Run(long seed, Path home) {
      this.random = new SplittableRandom(seed);
      this.home = home;
      this.limits = new RocksLimits(1 << 20, seed % 2 == 0 ? 1 << 16 : 64 << 20, 64, 2);
      this.real = RocksEngine.open(home, TABLES, limits);
      this.realSnapshot = real.snapshot();
      this.twinSnapshot = twin.snapshot();
      remember();
    }

    void step() {
      switch (random.nextInt(20)) {
        case 0 -> {
          real.flush();
          twin.flush();
          durable = batches;
        }
        case 11 -> {
          if (random.nextInt(8) == 0) {
            real.defragment();
            twin.defragment();
            durable = batches;
          }
        }
        case 1 -> {
          realSnapshot.close();
          realSnapshot = real.snapshot();
          twinSnapshot = twin.snapshot();
        }
        case 2 -> {
          if (random.nextInt(8) == 0) {
            crash();
          }
        }
        case 3 -> {
          if (random.nextInt(12) == 0) {
            checkpoint();
          }
        }
        case 4, 5, 6 -> scan(real, twin);
        case 7 -> scan(realSnapshot, twinSnapshot);
        case 8, 9, 10 -> get();
        default -> write();
      }
    }

    private void write() {
      Batch batch = new Batch();
      for (int i = random.nextInt(8); i >= 0; i--) {
        switch (random.nextInt(6)) {
          case 0 -> batch.delete(table(), key());
          case 1 -> batch.deleteRange(table(), range());
          default -> batch.put(table(), key(), value());
        }
      }
      batches++;
      batch.put(META, BATCH_NUMBER, Bytes.utf8(Long.toString(batches)));
      real.write(batch);
      twin.write(batch);
      remember();
    }

    /** Keeps the twin of every batch boundary: a checkpoint of the twin costs nothing. */
    private void remember() {
      MemoryEngine copy = new MemoryEngine(TABLES);
      Batch all = new Batch();
      for (Table table : TABLES) {
        try (Cursor cursor = twin.scan(table, KeyRange.ALL)) {
          while (cursor.next()) {
            all.put(table, cursor.key(), cursor.value());
          }
        }
      }
      copy.write(all);
      while (boundaries.size() <= batches) {
        boundaries.add(copy);
      }
      boundaries.set((int) batches, copy);
    }

    private void crash() {
      real.close(); // without a flush: that is what a crash leaves
      real = RocksEngine.open(home, TABLES, limits);
      long found = real.get(META, BATCH_NUMBER).map(text -> Long.parseLong(text.utf8())).orElse(0L);
      assertTrue(
          found >= durable && found <= batches,
          "found " + found + ", flushed " + durable + ", written " + batches);
      twin = boundaries.get((int) found);
      twin.flush();
      batches = found;
      durable = found;
      remember();
      realSnapshot = real.snapshot();
      twinSnapshot = twin.snapshot();
      for (Table table : TABLES) {
        compare(real, twin, table, KeyRange.ALL, Order.ASCENDING);
      }
      crashes++;
    }

    private void checkpoint() {
      Path target = home.resolveSibling("checkpoint" + names++);
      real.checkpoint(target);
      twin.checkpoint(target);
      durable = batches;
      try (RocksEngine copy = RocksEngine.open(target, TABLES, limits)) {
        for (Table table : TABLES) {
          compare(copy, twin.openCheckpoint(target), table, KeyRange.ALL, Order.ASCENDING);
        }
      }
      checkpoints++;
    }

    private void get() {
      Table table = table();
      Bytes key = key();
      assertEquals(twin.get(table, key), real.get(table, key));
      assertEquals(twinSnapshot.get(table, key), realSnapshot.get(table, key));
    }

    private void scan(View realView, View twinView) {
      scans++;
      Order order = random.nextBoolean() ? Order.ASCENDING : Order.DESCENDING;
      compare(realView, twinView, table(), range(), order);
    }

    private static void compare(View real, View twin, Table table, KeyRange range, Order order) {
      try (Cursor expected = twin.scan(table, range, order);
          Cursor actual = real.scan(table, range, order)) {
        while (expected.next()) {
          assertTrue(actual.next(), () -> "missing " + expected.key() + " in " + range);
          assertEquals(expected.key(), actual.key());
          assertEquals(expected.value(), actual.value());
        }
        assertTrue(!actual.next(), "too much in " + range);
        assertTrue(!actual.next(), "an end is an end");
      }
    }

    private Table table() {
      return TABLES.get(random.nextInt(TABLES.size()));
    }

    private Bytes key() {
      byte[] key = new byte[random.nextInt(3)];
      for (int i = 0; i < key.length; i++) {
        key[i] = (byte) (random.nextInt(4) * 85); // 0x00, 0x55, 0xaa, 0xff: sign and carry
      }
      return Bytes.wrap(key);
    }

    private KeyRange range() {
      return switch (random.nextInt(4)) {
        case 0 -> KeyRange.prefix(key());
        case 1 -> KeyRange.from(key());
        case 2 -> KeyRange.only(key());
        default -> new KeyRange(key(), Optional.of(key()));
      };
    }

    private Bytes value() {
      byte[] value = new byte[random.nextInt(600)];
      random.nextBytes(value);
      return Bytes.wrap(value);
    }
  }
}
