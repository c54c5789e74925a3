// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import static io.kvorum.server.storage.log.LogFixture.DIRECTORY;
import static io.kvorum.server.storage.log.LogFixture.IDENTITY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.env.CrashDisk;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import io.kvorum.server.observe.log.LogThreshold;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random logs on a disk that loses what was not synced, crashed before each sync, at random points
 * and while repairing. After each crash: everything synced is there, and behind it a clean prefix
 * of what was appended since.
 */
final class LogCrashTest {

  /** Thousands of repairs would fill the terminal. */
  @BeforeAll
  static void quiet() {
    LogThreshold.set("error");
  }

  @AfterAll
  static void loud() {
    LogThreshold.set("info");
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("storage.seeds", 60));
  }

  /** What was appended, in order: a model that a crash may only shorten. */
  private static final class Model {
    /** The log after each append since the last sync; the first is what is durable. */
    final List<List<Entry>> states = new ArrayList<>(List.of(List.of()));

    final List<HardState> hardStates = new ArrayList<>(List.of(HardState.EMPTY));

    void append(List<Entry> entries, HardState state) {
      for (Entry entry : entries) {
        List<Entry> next = new ArrayList<>(states.getLast().subList(0, (int) entry.index() - 1));
        next.add(entry);
        push(next, hardStates.getLast());
      }
      push(states.getLast(), state);
    }

    private void push(List<Entry> entries, HardState state) {
      states.add(List.copyOf(entries));
      hardStates.add(state);
    }

    void synced() {
      states.subList(0, states.size() - 1).clear();
      hardStates.subList(0, hardStates.size() - 1).clear();
    }

    int find(Opened opened) {
      for (int i = states.size() - 1; i >= 0; i--) {
        if (states.get(i).equals(opened.entries())
            && hardStates.get(i).equals(opened.hardState())) {
          return i;
        }
      }
      return -1;
    }
  }

  /** Thrown out of a sync: what was written for it is anywhere between lost and kept. */
  private static final class PowerLoss extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** One log's life, through several machines. */
  private static final class Life {
    final long seed;
    final SplittableRandom random;
    final LogLimits limits;
    final Model model = new Model();
    CrashDisk disk = new CrashDisk();
    WriteAheadLog log;
    long term = 1;
    int crashes;
    int losses;

    Life(long seed) throws IOException {
      this.seed = seed;
      random = new SplittableRandom(seed);
      limits =
          new LogLimits(1 << (11 + random.nextInt(4)), 512 << random.nextInt(5), 1 << 24, 1 << 20);
      disk = LogFixture.disk();
      log = WriteAheadLog.create(disk, DIRECTORY, IDENTITY, limits);
      observe();
    }

    private void observe() {
      disk.beforeEachSync(
          d -> {
            check(d.crash(random));
            if (random.nextInt(12) == 0) {
              throw new PowerLoss();
            }
          });
    }

    void step() {
      try {
        write();
        check(disk.crash(random));
      } catch (PowerLoss e) {
        losses++;
        restart();
      }
    }

    private void write() {
      long last = log.lastIndex();
      long from = last + 1;
      if (last > 1 && random.nextInt(8) == 0) {
        term++;
        from = last - random.nextInt((int) Math.min(last - 1, 5));
      }
      List<Entry> batch = new ArrayList<>();
      for (long i = random.nextInt(6); i > 0; i--) {
        batch.add(randomEntry(random, term, from++));
      }
      HardState state = new HardState(term, 7, Math.max(0, from - 9));
      model.append(batch, state);
      log.append(batch, Optional.of(state));
      if (random.nextInt(3) > 0) {
        log.sync();
        model.synced();
      }
      if (random.nextInt(12) == 0 && log.lastIndex() > 3) {
        LogPosition position = log.position(log.lastIndex() - 2).orElseThrow();
        log.markSnapshot(position, ConfState.of(List.of(7L), List.of()));
        model.synced();
      }
    }

    /** Starts on what is left; the power may fail again while it repairs. */
    private void restart() {
      while (true) {
        disk = disk.crash(random);
        observe();
        try {
          Opened opened = WriteAheadLog.open(disk, DIRECTORY, LogPosition.ZERO, limits);
          int found = model.find(opened);
          assertTrue(found >= 0, "seed " + seed);
          model.states.subList(found + 1, model.states.size()).clear();
          model.hardStates.subList(found + 1, model.hardStates.size()).clear();
          model.synced(); // what was read counts as durable: open has synced it
          log = opened.log();
          term = Math.max(term, opened.hardState().term());
          return;
        } catch (PowerLoss e) {
          losses++;
        }
      }
    }

    private void check(CrashDisk crashed) {
      String where = "seed " + seed + ", crash " + crashes++;
      try {
        Opened opened = WriteAheadLog.open(crashed, DIRECTORY, LogPosition.ZERO, limits);
        assertTrue(
            model.find(opened) >= 0,
            () ->
                "%s: found %d entries and %s, expected one of %d states from %d entries and %s on"
                    .formatted(
                        where,
                        opened.entries().size(),
                        opened.hardState(),
                        model.states.size(),
                        model.states.getFirst().size(),
                        model.hardStates.getFirst()));
        opened.log().close();
      } catch (CorruptLog | LogFailure e) {
        throw new AssertionError(where, e);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingSyncedIsLostAndNothingTornSurvives(long seed) throws IOException {
    Life life = new Life(seed);
    for (int step = 0; step < 60; step++) {
      life.step();
    }
    assertTrue(life.crashes > 100, "seed " + seed + ": " + life.crashes + " crashes");
    assertTrue(life.losses > 0, "seed " + seed + ": no power loss");
  }

  private static Entry randomEntry(SplittableRandom random, long term, long index) {
    byte[] data = new byte[random.nextInt(4) == 0 ? random.nextInt(3000) : random.nextInt(200)];
    if (random.nextInt(5) > 0) {
      random.nextBytes(data);
    } // else zeros, which look like unwritten sectors
    return new Entry(EntryType.NORMAL, term, index, Bytes.wrap(data));
  }

  @Test
  void aLogIsCreatedWholeOrNotAtAll() throws IOException {
    CrashDisk disk = LogFixture.disk();
    int[] created = new int[2];
    for (long seed = 1; seed <= 40; seed++) {
      long s = seed;
      CrashDisk fresh = disk.crash(new SplittableRandom(seed));
      fresh.beforeEachSync(
          d -> {
            CrashDisk crashed = d.crash(new SplittableRandom(s));
            boolean exists = WriteAheadLog.exists(crashed, DIRECTORY);
            created[exists ? 1 : 0]++;
            LogIdentity other = new LogIdentity(1, 2);
            WriteAheadLog log =
                exists
                    ? LogFixture.open(crashed).log()
                    : WriteAheadLog.create(crashed, DIRECTORY, other, LogFixture.small(1 << 16));
            assertEquals(exists ? IDENTITY : other, log.identity());
            assertEquals(exists ? 3 : 0, log.lastIndex());
            log.close();
          });
      List<Entry> founders = LogFixture.entries(1, 1, 3);
      HardState state = new HardState(1, 0, 3);
      WriteAheadLog log =
          WriteAheadLog.create(
              fresh, DIRECTORY, IDENTITY, LogFixture.small(1 << 16), founders, state);
      assertEquals(founders, log.read(1, 3, 1000));
      assertTrue(WriteAheadLog.exists(fresh.crash(new SplittableRandom(s)), DIRECTORY));
    }
    assertTrue(created[0] > 0 && created[1] > 0);
  }
}
