// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.env.Disk;
import io.kvorum.raft.BrokenInvariant;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The raft log on disk, in the files of genuine etcd.
 *
 * <p>Problem: nothing may be acknowledged before it is on disk, syncs are slow, and a member must
 * find exactly what it acknowledged after any crash. Idea: {@link #append} only gathers records;
 * {@link #sync} writes what was gathered in one go and waits for the disk once, however many
 * batches came together. Records form a checksum chain through all segments; what lies behind the
 * end is kept zero, so that a reader can tell an unfinished write from damage ({@link
 * FrameReader}).
 *
 * <pre>
 *   0000000000000000-0000000000000000.wal   crc  metadata  snapshot{0,0}  entry entry state ...
 *   0000000000000001-000000000001f4a3.wal   crc  metadata  state          entry ...      000000
 *                 |                 |                                             end -^ ^- room
 *              sequence     next entry's index when the segment was begun
 * </pre>
 *
 * <p>Invariants: a named segment has a durable head; every file is opened once and stays locked
 * until released; records are only added at the end; a later entry replaces all from its index on;
 * after any failed write or sync every call throws ({@link LogFailure}).
 *
 * <p>Threads: {@link #append}, {@link #sync}, {@link #writeOut}, {@link #markSnapshot} and {@link
 * #close} belong to one thread, the log's. Everything else may be called from any thread. None of
 * them may be interrupted ({@link io.kvorum.env.DiskFile}).
 *
 * <p>Format source: recorded behaviour of etcd 3.4.23, checked byte for byte by the tests.
 */
public final class WriteAheadLog implements AutoCloseable {

  private static final int REPLAY_BYTES = 1 << 20;

  private final Path directory;
  private final LogFiles files;
  private final LogLimits limits;
  private final LogIdentity identity;
  private final boolean toWrite;

  /** Guards everything below, but is not held while waiting for a sync or reading. */
  private final Object lock = new Object();

  private final EntryTable table;
  private final List<Segment> segments;
  private final LogEnd end;
  private HardState state;

  private @Nullable LogFailure failure;

  private WriteAheadLog(
      Path directory,
      LogFiles files,
      LogLimits limits,
      LogIdentity identity,
      EntryTable table,
      List<Segment> segments,
      LogEnd end,
      HardState state,
      boolean toWrite) {
    this.directory = directory;
    this.files = files;
    this.limits = limits;
    this.identity = identity;
    this.table = table;
    this.segments = segments;
    this.end = end;
    this.state = state;
    this.toWrite = toWrite;
  }

  /** Whether {@code directory} holds a log: that decides between restart and bootstrap. */
  public static boolean exists(Disk disk, Path directory) {
    try {
      return disk.isDirectory(directory) && !SegmentName.parseAll(disk.list(directory)).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException("can not list " + directory, e);
    }
  }

  public static WriteAheadLog create(
      Disk disk, Path directory, LogIdentity identity, LogLimits limits) {
    return create(disk, directory, identity, limits, List.of(), HardState.EMPTY);
  }

  /**
   * Makes a log that holds {@code first}, durable when this returns; a crash before leaves no log
   * at all. The directory may exist; a log in it is {@link IllegalStateException}.
   */
  public static WriteAheadLog create(
      Disk disk,
      Path directory,
      LogIdentity identity,
      LogLimits limits,
      List<Entry> first,
      HardState state) {
    if (exists(disk, directory)) {
      throw new IllegalStateException("there is a log in " + directory);
    }
    LogFiles files = new LogFiles(disk, directory, limits);
    RecordWriter writer = new RecordWriter(0);
    EntryTable table = new EntryTable();
    table.reset(LogPosition.ZERO);
    try {
      Segment segment = files.first(writer, identity, first, state, table);
      List<Segment> segments = new ArrayList<>(List.of(segment));
      LogEnd end = new LogEnd(limits, writer, segment, writer.length());
      writer.drop(writer.length());
      return new WriteAheadLog(
          directory, files, limits, identity, table, segments, end, state, true);
    } catch (IOException e) {
      throw new LogFailure("can not create a log in " + directory, e);
    }
  }

  public static Opened open(Disk disk, Path directory, LogPosition startingFrom) {
    return open(disk, directory, startingFrom, LogLimits.DEFAULT);
  }

  /**
   * Locks, reads, checks and if need be repairs the log.
   *
   * @param startingFrom the position the store reflects; the log must hold or directly follow it
   * @throws CorruptLog when the log is damaged or does not fit the store; nothing was changed
   * @throws LockedLog when it is in use; nothing was changed
   */
  public static Opened open(Disk disk, Path directory, LogPosition startingFrom, LogLimits limits) {
    return open(disk, directory, startingFrom, limits, true);
  }

  /**
   * Locks, reads and checks a log without changing a byte, not even an end that a crash left
   * unfinished: for deciding whether it can be gone on with. Nothing may be added to it.
   *
   * @throws CorruptLog as {@link #open}
   * @throws LockedLog as {@link #open}
   */
  public static Opened examine(Disk disk, Path directory, LogPosition startingFrom) {
    return open(disk, directory, startingFrom, LogLimits.DEFAULT, false);
  }

  private static Opened open(
      Disk disk, Path directory, LogPosition startingFrom, LogLimits limits, boolean toWrite) {
    LogFiles files = new LogFiles(disk, directory, limits);
    try {
      List<Segment> segments = files.openFor(startingFrom);
      try {
        return open(directory, files, limits, segments, startingFrom, toWrite);
      } catch (IOException | RuntimeException e) {
        LogFiles.closeAll(segments);
        throw e;
      }
    } catch (IOException e) {
      throw new LogFailure("can not open the log in " + directory, e);
    }
  }

  private static Opened open(
      Path directory,
      LogFiles files,
      LogLimits limits,
      List<Segment> segments,
      LogPosition startingFrom,
      boolean toWrite)
      throws IOException {
    LogScan scan = LogScan.of(segments);
    EntryTable table = scan.table();
    scan.requireFit(directory, startingFrom);
    if (toWrite) {
      files.clean(segments.getLast(), scan.end(), scan.torn());
    }
    WriteAheadLog log =
        new WriteAheadLog(
            directory,
            files,
            limits,
            scan.identity(),
            table,
            segments,
            new LogEnd(limits, new RecordWriter(scan.crc()), segments.getLast(), scan.end()),
            scan.state(),
            toWrite);
    long before =
        EntryReads.tailBegin(
            table, log.end.nextLocation(), startingFrom.index(), limits.tailBytesMax());
    return new Opened(
        log,
        scan.identity(),
        scan.state(),
        new LogPosition(table.term(before), before),
        log.read(before + 1, table.last(), Integer.MAX_VALUE),
        scan.marks());
  }

  /**
   * All marks of a log that is not open, oldest first: for deciding which snapshot to start from.
   * Changes nothing.
   */
  public static List<SnapshotMark> marks(Disk disk, Path directory) {
    try {
      List<Segment> segments = new LogFiles(disk, directory, LogLimits.DEFAULT).openAll();
      try {
        return LogScan.of(segments).marks();
      } finally {
        LogFiles.closeAll(segments);
      }
    } catch (IOException e) {
      throw new LogFailure("can not read the log in " + directory, e);
    }
  }

  public LogIdentity identity() {
    return identity;
  }

  /**
   * Adds entries, then the hard state when given and changed. Gathered only: see {@link #sync}. An
   * entry whose index is already there replaces everything from that index on.
   */
  public void append(List<Entry> entries, Optional<HardState> newState) {
    synchronized (lock) {
      requireUsable();
      if (!toWrite) {
        throw new IllegalStateException(directory + " is only looked at");
      }
      for (Entry entry : entries) {
        if (entry.index() <= table.beginning().index() || entry.index() > table.last() + 1) {
          throw new BrokenInvariant(
              "entry %d of term %d does not continue the log %s, which holds %d to %d"
                  .formatted(
                      entry.index(),
                      entry.term(),
                      directory,
                      table.beginning().index() + 1,
                      table.last()));
        }
        table.append(entry.position(), end.nextLocation());
        end.records().entry(entry);
        try {
          end.writeSurplus();
        } catch (IOException e) {
          throw fail("write to " + end.segment().path, e);
        }
      }
      newState
          .filter(next -> !next.equals(state))
          .ifPresent(
              next -> {
                state = next;
                end.records().state(next);
              });
    }
  }

  /**
   * Returns when everything appended is durable. Begins a new segment when the present one is full.
   */
  public void sync() {
    Segment segment;
    boolean full;
    synchronized (lock) {
      requireUsable();
      write();
      segment = end.segment();
      full = end.isFull();
    }
    try {
      segment.file.sync();
      if (full) {
        cut();
      }
    } catch (IOException e) {
      throw fail("sync of " + segment.path, e);
    }
  }

  /**
   * Notes durably that the state up to {@code position} is durable elsewhere. A position that the
   * log does not hold means that a received snapshot took its place: the log then goes on behind
   * it.
   */
  public void markSnapshot(LogPosition position, ConfState confState) {
    synchronized (lock) {
      requireUsable();
      end.records()
          .record(RecordType.SNAPSHOT, new SnapshotMark(position, Optional.of(confState)).encode());
      LogScan.mark(table, position);
    }
    sync();
  }

  /**
   * Hands what was appended to the operating system: it outlives this process, but not the machine.
   * For what nobody waits for and an idle member would otherwise keep to itself.
   */
  public void writeOut() {
    synchronized (lock) {
      requireUsable();
      write();
    }
  }

  private void cut() throws IOException {
    Segment next = end.begin(files, table.last() + 1, identity, state);
    synchronized (lock) {
      segments.add(next);
      end.moveTo(next);
    }
  }

  private void write() {
    try {
      end.write();
    } catch (IOException e) {
      throw fail("write to " + end.segment().path + " at byte " + end.written(), e);
    }
  }

  private LogFailure fail(String what, IOException cause) {
    synchronized (lock) {
      if (failure == null) {
        failure =
            new LogFailure(
                "the log failed (%s: %s); this member must stop and start again"
                    .formatted(what, cause.getMessage()),
                cause);
      }
      return failure;
    }
  }

  private void requireUsable() {
    if (failure != null) {
      throw new LogFailure("the log is not usable any more", failure);
    }
  }

  /** The position before the first entry that can be read. */
  public LogPosition beginning() {
    synchronized (lock) {
      return table.beginning();
    }
  }

  /** The first index that can be read; one more than {@link #lastIndex} when there is none. */
  public long firstIndex() {
    return beginning().index() + 1;
  }

  public long lastIndex() {
    synchronized (lock) {
      return table.last();
    }
  }

  /** The term and index at {@code index}, when the log knows it. */
  public Optional<LogPosition> position(long index) {
    synchronized (lock) {
      return table.holds(index) || index == table.beginning().index()
          ? Optional.of(new LogPosition(table.term(index), index))
          : Optional.empty();
    }
  }

  /**
   * The entries from {@code from} to {@code to}, both included, as far as the log goes and {@code
   * bytesMax} encoded bytes allow, but at least one. Empty when {@code from} is gone or not there
   * yet. What was appended but not synced is returned too.
   */
  public List<Entry> read(long from, long to, int bytesMax) {
    List<EntrySpan> spans;
    synchronized (lock) {
      requireUsable();
      if (!table.holds(from)) {
        return List.of();
      }
      spans = EntryReads.plan(table, segments, from, Math.min(to, table.last()), bytesMax);
      if (spans.getLast().segment() == end.segment() && spans.getLast().end() > end.written()) {
        write();
      }
      spans.forEach(span -> span.segment().beginRead());
    }
    List<Entry> entries = new ArrayList<>();
    try {
      for (EntrySpan span : spans) {
        span.read(entries);
      }
    } catch (IOException e) {
      throw new LogFailure("can not read the log in " + directory, e);
    } finally {
      endRead(spans);
    }
    return EntryReads.limit(entries, bytesMax);
  }

  private void endRead(List<EntrySpan> spans) {
    synchronized (lock) {
      for (EntrySpan span : spans) {
        try {
          span.segment().endRead();
        } catch (IOException e) {
          throw new LogFailure("can not close " + span.segment().path, e);
        }
      }
    }
  }

  /** Hands every entry behind {@code after}, up to the end as of now, to {@code consumer}. */
  public void replay(LogPosition after, Consumer<Entry> consumer) {
    long last = lastIndex();
    for (long next = after.index() + 1; next <= last; ) {
      List<Entry> entries = read(next, last, REPLAY_BYTES);
      if (entries.isEmpty()) {
        throw new BrokenInvariant(
            "entry %d is not in the log %s, which holds %d to %d"
                .formatted(next, directory, firstIndex(), lastIndex()));
      }
      entries.forEach(consumer);
      next += entries.size();
    }
  }

  /**
   * Entries below {@code index} are not needed any more: unlocks the segments that hold nothing
   * else. They remain readable as far as their segment is kept for others. {@link #beginning} tells
   * what became of it.
   */
  public void releaseBelow(long index) {
    synchronized (lock) {
      while (segments.size() > 1 && segments.get(1).name.firstIndex() <= index) {
        try {
          segments.removeFirst().release();
        } catch (IOException e) {
          throw fail("closing a segment", e);
        }
      }
      long oldest = segments.getFirst().name.sequence();
      table.releaseLocationsBelow(oldest << 32);
    }
  }

  /**
   * Deletes released segments, oldest first, until at most {@code segmentsMax} files are left.
   *
   * @return how many were deleted
   */
  public int purge(int segmentsMax) {
    SegmentName oldestInUse;
    synchronized (lock) {
      oldestInUse = segments.getFirst().name;
    }
    try {
      return files.purge(segmentsMax, oldestInUse);
    } catch (IOException e) {
      throw new LogFailure("can not delete old segments in " + directory, e);
    }
  }

  /** Makes everything appended durable and unlocks the files. A failed log is only unlocked. */
  @Override
  public void close() {
    boolean usable;
    synchronized (lock) {
      usable = failure == null && toWrite;
    }
    try {
      if (usable) {
        sync();
      }
    } finally {
      synchronized (lock) {
        if (failure == null) {
          failure = new LogFailure("closed", new IllegalStateException(directory + " is closed"));
        }
        try {
          LogFiles.closeAll(segments);
        } catch (IOException e) {
          throw new LogFailure("can not close the log in " + directory, e);
        }
      }
    }
  }
}
