// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import static io.kvorum.server.storage.log.LogFixture.DIRECTORY;
import static io.kvorum.server.storage.log.LogFixture.IDENTITY;
import static io.kvorum.server.storage.log.LogFixture.entries;
import static io.kvorum.server.storage.log.LogFixture.entry;
import static io.kvorum.server.storage.log.LogFixture.small;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.env.CrashDisk;
import io.kvorum.env.RealDisk;
import io.kvorum.raft.BrokenInvariant;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WriteAheadLogTest {

  private static final ConfState VOTERS = ConfState.of(List.of(1L, 2L), List.of());

  private final CrashDisk disk = disk();

  private static CrashDisk disk() {
    try {
      return LogFixture.disk();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private WriteAheadLog create(long segmentBytes) {
    return WriteAheadLog.create(disk, DIRECTORY, IDENTITY, small(segmentBytes));
  }

  private static void save(WriteAheadLog log, List<Entry> entries, HardState state) {
    log.append(entries, Optional.of(state));
    log.sync();
  }

  @Test
  void whatWasWrittenIsFoundAgain() {
    assertFalse(WriteAheadLog.exists(disk, DIRECTORY));
    WriteAheadLog log = create(1 << 20);
    assertTrue(WriteAheadLog.exists(disk, DIRECTORY));
    save(log, entries(1, 1, 5), new HardState(1, 7, 0));
    save(log, entries(2, 6, 7), new HardState(2, 7, 6));
    log.close();
    Opened opened = LogFixture.open(disk);
    List<Entry> expected = new ArrayList<>(entries(1, 1, 5));
    expected.addAll(entries(2, 6, 7));
    assertEquals(expected, opened.entries());
    assertEquals(new HardState(2, 7, 6), opened.hardState());
    assertEquals(IDENTITY, opened.identity());
    assertEquals(LogPosition.ZERO, opened.beforeEntries());
    assertEquals(Optional.of(new LogPosition(2, 6)), opened.log().position(6));
    assertEquals(Optional.of(new LogPosition(1, 5)), opened.log().position(5));
    assertEquals(Optional.empty(), opened.log().position(8));
  }

  @Test
  void theSameOnAMachinesOwnDisk(@TempDir Path home) {
    RealDisk real = new RealDisk();
    Path directory = home.resolve("member/wal");
    WriteAheadLog log = WriteAheadLog.create(real, directory, IDENTITY, small(3000));
    for (long index = 1; index <= 300; index++) {
      save(log, entries(1, index, index), new HardState(1, 0, index - 1));
    }
    assertThrows(LockedLog.class, () -> WriteAheadLog.open(real, directory, LogPosition.ZERO));
    log.close();
    Opened opened = WriteAheadLog.open(real, directory, LogPosition.ZERO, small(3000));
    assertEquals(entries(1, 1, 300), opened.entries());
    opened.log().releaseBelow(290);
    assertTrue(opened.log().purge(2) > 5);
    opened.log().close();
    Opened later = WriteAheadLog.open(real, directory, new LogPosition(1, 290), small(3000));
    assertEquals(entries(1, 291, 300), later.entries());
    later.log().close();
  }

  @Test
  void laterEntriesReplaceEverythingFromTheirIndexOn() {
    WriteAheadLog log = create(600);
    save(log, entries(1, 1, 20), new HardState(1, 0, 0));
    save(log, entries(2, 15, 16), new HardState(2, 0, 0));
    List<Entry> expected = new ArrayList<>(entries(1, 1, 14));
    expected.addAll(entries(2, 15, 16));
    assertEquals(expected, log.read(1, 99, 1 << 20));
    assertEquals(16, log.lastIndex());
    log.close();
    assertEquals(expected, LogFixture.open(disk).entries());
  }

  @Test
  void entriesThatDoNotContinueTheLogAreABrokenInvariant() {
    WriteAheadLog log = create(600);
    save(log, entries(1, 1, 3), new HardState(1, 0, 0));
    assertThrows(BrokenInvariant.class, () -> log.append(entries(1, 5, 5), Optional.empty()));
    assertThrows(BrokenInvariant.class, () -> log.append(entries(1, 0, 0), Optional.empty()));
  }

  @Test
  void segmentsFollowOneAnotherUnderEtcdsNames() throws IOException {
    WriteAheadLog log = create(1000);
    for (long index = 1; index <= 40; index++) {
      save(log, entries(1, index, index), new HardState(1, 0, index - 1));
    }
    log.close();
    List<String> names = disk.list(DIRECTORY);
    assertTrue(names.size() > 3, names.toString());
    assertEquals("0000000000000000-0000000000000000.wal", names.getFirst());
    for (int i = 1; i < names.size(); i++) {
      assertTrue(names.get(i).matches("%016x-[0-9a-f]{16}\\.wal".formatted(i)), names.get(i));
    }
    Opened opened = LogFixture.open(disk);
    assertEquals(entries(1, 1, 40), opened.entries());
    assertEquals(new HardState(1, 0, 39), opened.hardState());
  }

  @Test
  void readingObeysItsLimitsAcrossSegments() {
    WriteAheadLog log = create(1000);
    for (long index = 1; index <= 100; index++) {
      save(log, entries(1, index, index), HardState.EMPTY);
    }
    assertEquals(entries(1, 3, 98), log.read(3, 98, 1 << 20));
    assertEquals(entries(1, 50, 50), log.read(50, 98, 1));
    List<Entry> some = log.read(20, 98, 300);
    assertEquals(entries(1, 20, 19 + some.size()), some);
    assertTrue(some.size() >= 6 && some.size() <= 10, some.size() + " entries");
    assertEquals(List.of(), log.read(101, 200, 1000));
    log.append(entries(1, 101, 101), Optional.empty());
    assertEquals(entries(1, 100, 101), log.read(100, 101, 1000), "what is not synced, too");
    List<Entry> replayed = new ArrayList<>();
    log.replay(new LogPosition(1, 10), replayed::add);
    assertEquals(entries(1, 11, 101), replayed);
  }

  @Test
  void openHandsOverABoundedTail() {
    WriteAheadLog log = create(1000);
    for (long index = 1; index <= 100; index++) {
      save(log, entries(1 + index / 50, index, index), HardState.EMPTY);
    }
    log.close();
    Opened opened =
        LogFixture.open(disk, new LogPosition(1, 10), small(1000).withTailBytesMax(500));
    assertTrue(opened.entries().size() > 3 && opened.entries().size() < 20);
    assertEquals(100, opened.entries().getLast().index());
    assertEquals(opened.entries().getFirst().index() - 1, opened.beforeEntries().index());
    assertEquals(2, opened.beforeEntries().term());
    assertEquals(1, opened.log().firstIndex(), "older ones are readable");
    assertEquals(40, opened.log().read(11, 50, 1 << 20).size());
  }

  @Test
  void releasedSegmentsAreUnlockedAndDeletedBeyondTheLimit() throws IOException {
    WriteAheadLog log = create(1000);
    for (long index = 1; index <= 100; index++) {
      save(log, entries(1, index, index), new HardState(1, 0, 0));
    }
    int all = disk.list(DIRECTORY).size();
    assertEquals(0, log.purge(1), "everything is in use");
    log.markSnapshot(new LogPosition(1, 60), VOTERS);
    log.releaseBelow(50);
    long first = log.firstIndex();
    assertTrue(first > 20 && first <= 51, "first " + first);
    assertEquals(List.of(), log.read(first - 1, 100, 1000));
    assertEquals(entries(1, first, 100), log.read(first, 100, 1 << 20));
    assertEquals(Optional.of(new LogPosition(1, first - 1)), log.position(first - 1));
    assertEquals(1, log.purge(all - 1));
    assertTrue(log.purge(1) > 0);
    log.close();
    Opened opened = LogFixture.open(disk, new LogPosition(1, 60), small(1000));
    assertEquals(entries(1, 61, 100), opened.entries());
    assertEquals(
        new SnapshotMark(new LogPosition(1, 60), Optional.of(VOTERS)), opened.marks().getLast());
    opened.log().close();
    assertThrows(CorruptLog.class, () -> LogFixture.open(disk), "the beginning is gone");
  }

  @Test
  void aReceivedSnapshotReplacesTheLog() {
    WriteAheadLog log = create(1000);
    save(log, entries(1, 1, 10), new HardState(1, 0, 5));
    log.markSnapshot(new LogPosition(3, 500), VOTERS);
    assertEquals(500, log.lastIndex());
    assertEquals(501, log.firstIndex());
    assertEquals(new LogPosition(3, 500), log.beginning());
    save(log, entries(3, 501, 503), new HardState(3, 0, 500));
    log.close();
    Opened opened = LogFixture.open(disk, new LogPosition(3, 500), small(1000));
    assertEquals(entries(3, 501, 503), opened.entries());
    assertEquals(new LogPosition(3, 500), opened.beforeEntries());
    opened.log().close();
    assertThrows(CorruptLog.class, () -> LogFixture.open(disk, new LogPosition(1, 7), small(1000)));
    assertEquals(2, WriteAheadLog.marks(disk, DIRECTORY).size());
  }

  @Test
  void aReceivedSnapshotInsideAConflictingLogReplacesItToo() {
    WriteAheadLog log = create(1000);
    save(log, entries(1, 1, 10), new HardState(1, 0, 5));
    log.markSnapshot(new LogPosition(2, 8), VOTERS);
    assertEquals(8, log.lastIndex());
    save(log, entries(2, 9, 9), new HardState(2, 0, 8));
    log.close();
    Opened opened = LogFixture.open(disk, new LogPosition(2, 8), small(1000));
    assertEquals(entries(2, 9, 9), opened.entries());
  }

  @Test
  void aStoreThatDoesNotFitIsRefused() {
    WriteAheadLog log = create(1000);
    save(log, entries(2, 1, 10), new HardState(2, 0, 5));
    log.close();
    CorruptLog beyond =
        assertThrows(
            CorruptLog.class, () -> LogFixture.open(disk, new LogPosition(2, 11), small(1000)));
    assertTrue(beyond.toString().contains("the log holds indexes 1 to 10"));
    assertThrows(CorruptLog.class, () -> LogFixture.open(disk, new LogPosition(1, 9), small(1000)));
    Opened opened = LogFixture.open(disk, new LogPosition(2, 10), small(1000));
    assertEquals(List.of(), opened.entries());
    assertEquals(new LogPosition(2, 10), opened.beforeEntries());
  }

  @Test
  void aSecondMemberOnTheSameFilesIsRefused() {
    WriteAheadLog log = create(1000);
    assertThrows(LockedLog.class, () -> LogFixture.open(disk));
    assertThrows(IllegalStateException.class, () -> create(1000));
    log.close();
    LogFixture.open(disk).log().close();
  }

  @Test
  void aHugeBatchAndAHugeEntryAreWritten() {
    WriteAheadLog log = create(1 << 16);
    List<Entry> batch = new ArrayList<>(entries(1, 1, 20_000));
    batch.add(entry(1, 20_001, "x".repeat(3_000_000)));
    save(log, batch, new HardState(1, 0, 0));
    assertEquals(batch.getLast(), log.read(20_001, 20_001, 10).getFirst());
    log.close();
    Opened opened =
        LogFixture.open(disk, LogPosition.ZERO, small(1 << 16).withTailBytesMax(1 << 24));
    assertEquals(batch, opened.entries());
  }
}
