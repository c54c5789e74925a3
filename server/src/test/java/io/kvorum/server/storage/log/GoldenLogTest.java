// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import static io.kvorum.server.storage.log.LogFixture.DIRECTORY;
import static io.kvorum.server.storage.log.LogFixture.FIRST;
import static io.kvorum.server.storage.log.LogFixture.IDENTITY;
import static io.kvorum.server.storage.log.LogFixture.diskWith;
import static io.kvorum.server.storage.log.LogFixture.resource;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.env.CrashDisk;
import io.kvorum.env.DiskFile;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.RaftWire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files written by genuine etcd, read and written again byte for byte. */
final class GoldenLogTest {

  private static final Pattern LINE =
      Pattern.compile(
          "\\{\"offset\": (\\d+), \"record_len\": \\d+, \"pad\": \\d+, \"type\": (\\d),"
              + " \"crc\": \"([0-9a-f]{8})\".*");

  @ParameterizedTest
  @ValueSource(strings = {"wal-library", "wal-cluster-m1-first60"})
  void everyRecordIsWhereItsListSaysWithItsChecksum(String name) throws IOException {
    List<String> expected = new ArrayList<>();
    for (String line : new String(resource(name + ".txt"), StandardCharsets.UTF_8).split("\n")) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        expected.add(matcher.group(1) + " " + matcher.group(2) + " " + matcher.group(3));
      }
    }
    List<String> actual = new ArrayList<>();
    RunningCrc crc = new RunningCrc(0);
    try (DiskFile file = diskWith(resource(name + ".bin")).open(FIRST)) {
      FrameReader frames = new FrameReader(file, FIRST, true, crc);
      while (frames.read() == FrameReader.Verdict.RECORD) {
        actual.add("%d %d %08x".formatted(frames.offset(), frames.type(), crc.value()));
      }
    }
    assertEquals(expected, actual);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wal-library", "wal-cluster-m1-first60", "wal-3.4.23"})
  void theSameRecordsWrittenByUsAreTheSameBytes(String name) throws IOException {
    byte[] genuine = resource(name + ".bin");
    RecordWriter writer = new RecordWriter(0);
    long end;
    try (DiskFile file = diskWith(genuine).open(FIRST)) {
      FrameReader frames = new FrameReader(file, FIRST, true, new RunningCrc(0));
      while (frames.read() == FrameReader.Verdict.RECORD) {
        switch (frames.type()) {
          case RecordType.METADATA -> writer.head(LogIdentity.decode(frames.data()));
          case RecordType.ENTRY -> writer.entry(RaftWire.decodeEntry(frames.data()));
          case RecordType.STATE -> writer.state(RaftWire.decodeHardState(frames.data()));
          case RecordType.SNAPSHOT ->
              writer.record(RecordType.SNAPSHOT, SnapshotMark.decode(frames.data()).encode());
          default -> assertEquals(0, frames.offset(), "the chain's record is at the head");
        }
      }
      end = frames.offset();
    }
    assertArrayEquals(
        Arrays.copyOf(genuine, (int) end), Arrays.copyOf(writer.view().array(), writer.length()));
  }

  @Test
  void theLibrarysFileReadsAsTheLogItIs() throws IOException {
    CrashDisk disk = diskWith(resource("wal-library.bin"));
    Opened opened = LogFixture.open(disk);
    assertEquals(IDENTITY, opened.identity());
    assertEquals(new HardState(2, 0xb31c02ac56e1ddb7L, 3), opened.hardState());
    assertEquals(List.of(1L, 2L, 3L, 4L), opened.entries().stream().map(Entry::index).toList());
    assertEquals("one", opened.entries().getFirst().data().utf8());
    assertEquals(100, opened.entries().get(3).data().length());
    assertEquals(
        List.of(LogPosition.ZERO, new LogPosition(2, 2)),
        opened.marks().stream().map(SnapshotMark::position).toList());
    opened.log().close();
    Opened fromMark = LogFixture.open(disk, new LogPosition(2, 2), LogFixture.small(1 << 20));
    assertEquals(List.of(3L, 4L), fromMark.entries().stream().map(Entry::index).toList());
    assertEquals(new LogPosition(2, 2), fromMark.beforeEntries());
  }

  @Test
  void aLogOf3423IsReadFromItsSnapshotsOn() throws IOException {
    CrashDisk disk = diskWith(resource("wal-3.4.23.bin"));
    List<LogPosition> marks =
        WriteAheadLog.marks(disk, DIRECTORY).stream().map(SnapshotMark::position).toList();
    assertEquals(
        List.of(LogPosition.ZERO, new LogPosition(2, 101), new LogPosition(2, 202)), marks);
    for (LogPosition mark : marks) {
      Opened opened = LogFixture.open(disk, mark, LogFixture.small(1 << 20));
      assertEquals(mark.index() + 1, opened.entries().getFirst().index());
      assertEquals(opened.log().lastIndex(), opened.entries().getLast().index());
      opened.log().close();
    }
  }

  @Test
  void aLogOf237IsReadAndContinued() throws IOException {
    CrashDisk disk = diskWith(resource("wal-2.3.7.bin"));
    Opened opened = LogFixture.open(disk);
    long last = opened.log().lastIndex();
    assertEquals(280, last);
    assertEquals(
        List.of(LogPosition.ZERO, new LogPosition(2, 101), new LogPosition(2, 202)),
        opened.marks().stream().map(SnapshotMark::position).toList());
    Entry more = new Entry(EntryType.NORMAL, 9, last + 1, opened.entries().getFirst().data());
    opened.log().append(List.of(more), Optional.of(new HardState(9, 1, last)));
    opened.log().close();
    Opened again = LogFixture.open(disk, new LogPosition(2, 202), LogFixture.small(1 << 20));
    assertEquals(more, again.entries().getLast());
    assertEquals(last + 1 - 202, again.entries().size());
    assertEquals(new HardState(9, 1, last), again.hardState());
    again.log().close();
    assertEquals(3, WriteAheadLog.marks(disk, DIRECTORY).size());
  }
}
