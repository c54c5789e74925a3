// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.base.MalformedProto;
import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.RaftWire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a log says when its segments are read in order.
 *
 * <pre>
 *   entry, index = last + 1       goes on
 *   entry, index <= last          a new leader overwrote the end: later ones win
 *   entry, index > last + 1       damage
 *   mark beyond the last entry,   a received snapshot replaced the log: it goes on behind the mark
 *     or of another term
 *   mark at a known position      the own state was saved there: no effect here
 * </pre>
 *
 * <p>When reading starts in the middle of a log, the first entry met only tells the position before
 * the first usable one.
 */
final class LogScan {

  private final EntryTable table = new EntryTable();
  private final List<SnapshotMark> marks = new ArrayList<>();
  private final RunningCrc crc = new RunningCrc(0);
  private HardState state = HardState.EMPTY;
  private Optional<LogIdentity> identity = Optional.empty();

  /** Whether the table begins at an entry rather than at a mark. */
  private boolean anchored;

  private long end;
  private boolean torn;

  /** What all of them say. */
  static LogScan of(List<Segment> segments) throws IOException {
    LogScan scan = new LogScan();
    for (Segment segment : segments) {
      scan.read(segment, segment == segments.getLast());
    }
    return scan;
  }

  /** Fails with {@link CorruptLog} when a store that stands at {@code start} can not go on here. */
  void requireFit(Path directory, LogPosition start) {
    if (!table.positioned()
        || start.index() < table.beginning().index()
        || start.index() > table.last()) {
      throw new CorruptLog(
          directory,
          "the store stands at index %d, the log holds indexes %d to %d"
              .formatted(start.index(), table.beginning().index() + 1, table.last()));
    }
    if (table.term(start.index()) != start.term()) {
      throw new CorruptLog(
          directory,
          "the store stands at index %d of term %d, the log has term %d there"
              .formatted(start.index(), start.term(), table.term(start.index())));
    }
  }

  /** Reads the next segment; {@code last} is the one that may end torn. */
  void read(Segment segment, boolean last) throws IOException {
    FrameReader frames = new FrameReader(segment.file, segment.path, last, crc);
    FrameReader.Verdict verdict = frames.read();
    while (verdict == FrameReader.Verdict.RECORD) {
      try {
        accept(frames, segment);
      } catch (MalformedProto e) {
        throw frames.damaged("the record's content does not parse: " + e.getMessage());
      }
      verdict = frames.read();
    }
    end = frames.offset();
    torn = verdict == FrameReader.Verdict.TORN;
    if (identity.isEmpty()) {
      throw frames.damaged("the segment does not say whose it is");
    }
  }

  private void accept(FrameReader frames, Segment segment) {
    switch (frames.type()) {
      case RecordType.METADATA -> {
        LogIdentity found = LogIdentity.decode(frames.data());
        if (identity.isPresent() && !identity.get().equals(found)) {
          throw frames.damaged(
              "it belongs to %s, the log before it to %s".formatted(found, identity.get()));
        }
        identity = Optional.of(found);
      }
      case RecordType.ENTRY -> entry(RaftWire.decodeEntry(frames.data()), frames, segment);
      case RecordType.STATE -> {
        HardState found = RaftWire.decodeHardState(frames.data());
        if (found.term() < state.term()) {
          throw frames.damaged(
              "the term falls from %d to %d".formatted(state.term(), found.term()));
        }
        state = found;
      }
      case RecordType.SNAPSHOT -> {
        SnapshotMark mark = SnapshotMark.decode(frames.data());
        marks.add(mark);
        mark(mark.position(), segment);
      }
      default -> {
        // The checksum chain's own record has no content.
      }
    }
  }

  private void entry(Entry entry, FrameReader frames, Segment segment) {
    long index = entry.index();
    if (!table.positioned() && index == 1) {
      table.reset(LogPosition.ZERO);
    }
    long next = table.positioned() ? table.last() + 1 : Math.max(1, segment.name.firstIndex());
    if (index < 1 || index > next) {
      throw frames.damaged("entry %d where %d was due".formatted(index, next));
    }
    if (!table.positioned() || (anchored && index <= table.beginning().index())) {
      table.reset(entry.position());
      anchored = true;
      return;
    }
    if (index <= table.beginning().index()) {
      return; // covered by a received snapshot
    }
    if (entry.term() < Math.max(1, table.term(index - 1))) {
      throw frames.damaged(
          "entry %d has term %d, the one before it %d"
              .formatted(index, entry.term(), table.term(index - 1)));
    }
    table.append(entry.position(), location(segment.name, frames.offset()));
  }

  private void mark(LogPosition position, Segment segment) {
    if (table.positioned() || position.index() >= segment.name.firstIndex() - 1) {
      anchored &= !mark(table, position);
    }
  }

  /** The effect of a mark on a table; whether the log begins anew behind it. */
  static boolean mark(EntryTable table, LogPosition position) {
    boolean own =
        table.positioned()
            && position.index() <= table.last()
            && (position.index() < table.beginning().index()
                || table.term(position.index()) == position.term());
    if (!own) {
      table.reset(position);
    }
    return !own;
  }

  /** A segment's number and an offset in it as one number. */
  static long location(SegmentName name, long offset) {
    return name.sequence() << 32 | offset;
  }

  EntryTable table() {
    return table;
  }

  List<SnapshotMark> marks() {
    return List.copyOf(marks);
  }

  HardState state() {
    return state;
  }

  LogIdentity identity() {
    return identity.orElseThrow();
  }

  /** The chain's value at the end. */
  int crc() {
    return crc.value();
  }

  /** Where the last segment's valid part ends. */
  long end() {
    return end;
  }

  /** Whether a torn write follows it. */
  boolean torn() {
    return torn;
  }
}
