// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.env.CrashDisk;
import io.kvorum.env.DiskFile;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Effects;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.Message;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.storage.log.LogFailure;
import io.kvorum.server.storage.log.LogIdentity;
import io.kvorum.server.storage.log.LogLimits;
import io.kvorum.server.storage.log.WriteAheadLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log thread on a disk that counts its syncs. */
class LogWriterTest {

  private static final Path WAL = Path.of("/data/member/wal");

  private final CrashDisk disk = new CrashDisk();
  private final List<String> story = new ArrayList<>();
  private long syncsBefore;

  @BeforeEach
  void aFolder() throws IOException {
    disk.createDirectories(Path.of("/data/member"));
  }

  @Test
  void aBatchIsOneSyncAndWhatWaitedLeavesAfterIt() {
    try (WriteAheadLog log = newLog()) {
      writer(log).handle(List.of(write(1, entry(1)), write(2, entry(2)), write(3, entry(3))));
    }
    assertEquals(List.of("send 3 after 1 syncs", "Persisted[batch=3] after 1 syncs"), story);
  }

  @Test
  void afterAFailedSyncNothingLeavesAndNothingIsWrittenAnyMore() {
    try (WriteAheadLog log = newLog()) {
      LogWriter writer = writer(log);
      disk.faults().failSync(1);
      assertThrows(LogFailure.class, () -> writer.handle(List.of(write(1, entry(1)))));
      assertThrows(LogFailure.class, () -> writer.handle(List.of(write(2, entry(2)))));
    } catch (LogFailure closing) {
      assertEquals(LogFailure.class, closing.getClass(), "a failed log may say so once more");
    }
    assertEquals(List.of(), story);
  }

  @Test
  void aCommitAloneReachesTheFileWithoutASync() throws IOException {
    try (WriteAheadLog log = newLog()) {
      LogWriter writer = writer(log);
      writer.handle(List.of(write(1, entry(1))));
      syncsBefore = disk.faults().syncs();
      int before = bytesWritten();
      HardState commit = new HardState(1, 0, 1);
      writer.handle(
          List.of(
              new LogWriter.Task.Write(
                  effects(2, List.of(), Optional.empty(), Optional.of(commit), false))));
      assertEquals(0, disk.faults().syncs() - syncsBefore);
      assertTrue(bytesWritten() > before, "the commit is only in this process");
    }
  }

  /** How many bytes of the segment are not zero. */
  private int bytesWritten() throws IOException {
    try (DiskFile file = disk.open(WAL.resolve(disk.list(WAL).getFirst()))) {
      ByteBuffer content = ByteBuffer.allocate((int) file.size());
      while (content.hasRemaining() && file.read(content, content.position()) > 0) {
        continue;
      }
      int count = 0;
      for (byte each : content.array()) {
        count += each == 0 ? 0 : 1;
      }
      return count;
    }
  }

  @Test
  void aReceivedSnapshotIsMarkedDurablyBeforeItIsInstalledAndAnsweredAfter() {
    SnapshotMetadata snapshot =
        new SnapshotMetadata(new LogPosition(2, 50), ConfState.of(List.of(1L), List.of()));
    try (WriteAheadLog log = newLog()) {
      LogWriter writer = writer(log);
      writer.handle(List.of(write(1, entry(1))));
      story.clear();
      syncsBefore = disk.faults().syncs();
      writer.handle(
          List.of(
              new LogWriter.Task.Write(
                  effects(2, List.of(), Optional.of(snapshot), Optional.empty()))));
      assertEquals(new LogPosition(2, 50), log.beginning());
      assertEquals(50, log.lastIndex());
    }
    assertEquals(
        List.of(
            "install 50 after 1 syncs", "send 1 after 1 syncs", "Persisted[batch=2] after 1 syncs"),
        story);
  }

  @Test
  void aLateMarkOfAnOlderStateDoesNotTakeTheLogBack() {
    SnapshotMetadata received =
        new SnapshotMetadata(new LogPosition(2, 50), ConfState.of(List.of(1L), List.of()));
    SnapshotMetadata flushed =
        new SnapshotMetadata(new LogPosition(1, 1), ConfState.of(List.of(1L), List.of()));
    try (WriteAheadLog log = newLog()) {
      LogWriter writer = writer(log);
      writer.handle(List.of(write(1, entry(1))));
      writer.handle(
          List.of(
              new LogWriter.Task.Write(
                  effects(2, List.of(), Optional.of(received), Optional.empty()))));
      writer.handle(List.of(new LogWriter.Task.Mark(flushed, 0)));
      assertEquals(new LogPosition(2, 50), log.beginning());
      writer.handle(List.of(write(3, new Entry(EntryType.NORMAL, 2, 51, Bytes.EMPTY))));
    }
    try (WriteAheadLog again = WriteAheadLog.open(disk, WAL, received.position()).log()) {
      assertEquals(51, again.lastIndex());
    }
  }

  @Test
  void entriesThatAreGoneAreReportedAsGone() {
    try (WriteAheadLog log = newLog()) {
      LogWriter writer = writer(log);
      writer.handle(List.of(write(1, entry(1)), write(2, entry(2))));
      story.clear();
      writer.handle(
          List.of(
              new LogWriter.Task.Read(new Effects.LogRead(5, 2, 2, 100)),
              new LogWriter.Task.Read(new Effects.LogRead(5, 7, 9, 100))));
    }
    assertEquals(2, story.size());
    assertEquals("EntriesRead", story.get(0).substring(0, 11));
    assertEquals("EntriesGone[peer=5]", story.get(1).substring(0, 19));
  }

  private WriteAheadLog newLog() {
    WriteAheadLog log = WriteAheadLog.create(disk, WAL, new LogIdentity(1, 2), LogLimits.DEFAULT);
    syncsBefore = disk.faults().syncs();
    return log;
  }

  private LogWriter writer(WriteAheadLog log) {
    return new LogWriter(
        log,
        log::sync,
        messages -> tell("send " + messages.size()),
        input -> tell(input.toString()),
        new StateMachine() {
          @Override
          public void commit(List<Entry> entries) {}

          @Override
          public void install(SnapshotMetadata snapshot) {
            tell("install " + snapshot.position().index());
          }

          @Override
          public void prepareSnapshot(long peer) {}
        });
  }

  private void tell(String what) {
    story.add(what + " after " + (disk.faults().syncs() - syncsBefore) + " syncs");
  }

  private static Entry entry(long index) {
    return new Entry(EntryType.NORMAL, 1, index, Bytes.utf8("e" + index));
  }

  private static LogWriter.Task write(long batch, Entry entry) {
    return new LogWriter.Task.Write(
        effects(
            batch,
            List.of(entry),
            Optional.empty(),
            Optional.of(new HardState(entry.term(), 0, 0))));
  }

  private static Effects effects(
      long batch,
      List<Entry> entries,
      Optional<SnapshotMetadata> snapshot,
      Optional<HardState> hardState) {
    return effects(batch, entries, snapshot, hardState, true);
  }

  private static Effects effects(
      long batch,
      List<Entry> entries,
      Optional<SnapshotMetadata> snapshot,
      Optional<HardState> hardState,
      boolean mustSync) {
    return new Effects(
        batch,
        hardState,
        entries,
        snapshot,
        mustSync,
        List.of(),
        List.of(new Message.AppendAccepted(2, 1, 1, batch)),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }
}
