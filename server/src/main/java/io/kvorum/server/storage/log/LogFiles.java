// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.env.Disk;
import io.kvorum.env.DiskFile;
import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of a log's directory: choosing, opening, beginning, repairing and deleting them. */
final class LogFiles {

  private static final Logger log = LoggerFactory.getLogger(LogFiles.class);
  private static final int COPY_BYTES = 1 << 20;

  private final Disk disk;
  private final Path directory;
  private final LogLimits limits;

  LogFiles(Disk disk, Path directory, LogLimits limits) {
    this.disk = disk;
    this.directory = directory;
    this.limits = limits;
  }

  List<SegmentName> names() throws IOException {
    return SegmentName.parseAll(disk.list(directory));
  }

  /** Opens and locks the segments that matter to a reader who starts behind {@code start}. */
  List<Segment> openFor(LogPosition start) throws IOException {
    List<SegmentName> names = consecutive(names());
    SegmentName oldest = names.getFirst();
    if (oldest.firstIndex() > start.index()) {
      throw new CorruptLog(
          directory,
          "the store stands at index %d, but the oldest usable segment %s begins later"
              .formatted(start.index(), oldest));
    }
    long wanted = Math.max(0, start.index() - limits.entriesBehind());
    int from = 0;
    for (int i = 1; i < names.size(); i++) {
      if (names.get(i).firstIndex() <= wanted) {
        from = i;
      }
    }
    return open(names.subList(from, names.size()));
  }

  /** All segments that can be read, without a gap up to the last one. */
  List<Segment> openAll() throws IOException {
    return open(consecutive(names()));
  }

  private List<SegmentName> consecutive(List<SegmentName> names) {
    if (names.isEmpty()) {
      throw new CorruptLog(directory, "there is no segment file (*.wal)");
    }
    int from = names.size() - 1;
    while (from > 0 && names.get(from - 1).sequence() == names.get(from).sequence() - 1) {
      from--;
    }
    return names.subList(from, names.size());
  }

  private List<Segment> open(List<SegmentName> names) throws IOException {
    List<Segment> segments = new ArrayList<>();
    try {
      for (SegmentName name : names) {
        segments.add(Segment.open(disk, directory, name));
      }
      return segments;
    } catch (IOException | RuntimeException e) {
      closeAll(segments);
      throw e;
    }
  }

  static void closeAll(List<Segment> segments) throws IOException {
    for (Segment segment : segments) {
      segment.release();
    }
  }

  /**
   * Begins a log: one segment with a head, the mark of nothing and the first entries, which are
   * added to {@code table}. Returns it open.
   */
  Segment first(
      RecordWriter writer,
      LogIdentity identity,
      List<Entry> entries,
      HardState state,
      EntryTable table)
      throws IOException {
    disk.createDirectories(directory);
    SegmentName name = new SegmentName(0, 0);
    writer.head(identity);
    writer.record(
        RecordType.SNAPSHOT, new SnapshotMark(LogPosition.ZERO, Optional.empty()).encode());
    for (Entry entry : entries) {
      table.append(entry.position(), LogScan.location(name, writer.length()));
      writer.entry(entry);
    }
    if (!state.equals(HardState.EMPTY)) {
      writer.state(state);
    }
    Segment segment = begin(name, writer);
    syncNames();
    return segment;
  }

  private void syncNames() throws IOException {
    disk.syncDirectory(directory);
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      disk.syncDirectory(parent);
    }
  }

  /** Begins the segment after another; the chain goes on, the state is repeated. */
  Segment next(SegmentName name, RecordWriter writer, LogIdentity identity, HardState state)
      throws IOException {
    writer.head(identity);
    if (!state.equals(HardState.EMPTY)) {
      writer.state(state);
    }
    return begin(name, writer);
  }

  /**
   * Makes a segment with what {@code writer} holds. It gets its name when its content is durable,
   * so a named segment is never without its head.
   */
  private Segment begin(SegmentName name, RecordWriter writer) throws IOException {
    Path unfinished = directory.resolve(name.sequence() % 2 + ".tmp");
    Path path = directory.resolve(name.toString());
    disk.delete(unfinished);
    DiskFile file = Segment.lock(disk.create(unfinished), path);
    try {
      file.allocate(Math.max(writer.length(), firstAllocation()));
      file.write(writer.view(), 0);
      file.sync();
      disk.rename(unfinished, path);
      disk.syncDirectory(directory);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return new Segment(name, path, file);
  }

  private long firstAllocation() {
    return Math.min(limits.allocationStepBytes(), limits.segmentBytes());
  }

  /**
   * Makes the last segment ready for appending at {@code end}: whatever lies behind is zeros, and
   * durably so. Something torn there is first copied away.
   */
  void clean(Segment segment, long end, boolean torn) throws IOException {
    if (torn) {
      Path copy = segment.path.resolveSibling(segment.name + ".broken");
      copy(segment.file, copy);
      log.atWarn()
          .addKeyValue("file", segment.path.toString())
          .addKeyValue("offset", end)
          .addKeyValue("copy", copy.toString())
          .log("cut off a write that a crash left unfinished");
    }
    segment.file.resize(end);
    segment.file.allocate(Math.max(end + 8, firstAllocation()));
    segment.file.sync();
    syncNames(); // the process before may have been killed between a rename and its sync
  }

  private void copy(DiskFile source, Path target) throws IOException {
    disk.delete(target);
    try (DiskFile copy = disk.create(target)) {
      ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
      long at = 0;
      while (source.read(buffer, at) > 0) {
        buffer.flip();
        int length = buffer.remaining();
        copy.write(buffer, at);
        at += length;
        buffer.clear();
      }
      copy.sync();
    }
  }

  /** Deletes the oldest segments beyond {@code segmentsMax}, as far as they are not in use. */
  int purge(int segmentsMax, SegmentName oldestInUse) throws IOException {
    List<SegmentName> names = names();
    int deleted = 0;
    for (SegmentName name : names) {
      if (names.size() - deleted <= segmentsMax || name.compareTo(oldestInUse) >= 0) {
        break;
      }
      disk.delete(directory.resolve(name.toString()));
      deleted++;
      log.atInfo().addKeyValue("file", name).log("deleted a log segment no longer needed");
    }
    return deleted;
  }
}
