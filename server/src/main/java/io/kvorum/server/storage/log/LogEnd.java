// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.raft.HardState;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The end of the log: the segment that grows, and the records gathered for it. Guarded by the log.
 */
final class LogEnd {

  /** Gathered records are written early beyond this, up to a page boundary. */
  private static final int GATHERED_BYTES_MAX = 1 << 20;

  private static final int PAGE = 4096;

  private final LogLimits limits;
  private final RecordWriter writer;
  private Segment segment;

  /** Up to where the segment is written; gathered records follow. */
  private long written;

  /** Up to where the segment has room. */
  private long allocated;

  LogEnd(LogLimits limits, RecordWriter writer, Segment segment, long written) throws IOException {
    this.limits = limits;
    this.writer = writer;
    this.segment = segment;
    this.written = written;
    this.allocated = segment.file.size();
  }

  Segment segment() {
    return segment;
  }

  /** Where the records are gathered. */
  RecordWriter records() {
    return writer;
  }

  long written() {
    return written;
  }

  /** Where the next record will be. */
  long nextLocation() {
    return LogScan.location(segment.name, written + writer.length());
  }

  boolean isFull() {
    return written >= limits.segmentBytes();
  }

  /** Writes everything gathered. */
  void write() throws IOException {
    write(writer.length());
  }

  /**
   * Writes whole pages when much is gathered: a page is never half of one write, half of another.
   */
  void writeSurplus() throws IOException {
    if (writer.length() > GATHERED_BYTES_MAX) {
      write((int) ((written + writer.length()) / PAGE * PAGE - written));
    }
  }

  private void write(int count) throws IOException {
    if (count == 0) {
      return;
    }
    try {
      reserve(written + writer.length());
      ByteBuffer bytes = writer.view().limit(count);
      segment.file.write(bytes, written);
    } catch (IOException e) {
      undo(e);
      throw e;
    }
    written += count;
    writer.drop(count);
  }

  /** Room is made before data is written, so that a full disk leaves no half record behind. */
  private void reserve(long end) throws IOException {
    if (end <= allocated) {
      return;
    }
    long step = limits.allocationStepBytes();
    long ahead = Math.min((end / step + 1) * step, limits.segmentBytes());
    allocated = Math.max(ahead, (end / PAGE + 1) * PAGE);
    segment.file.allocate(allocated);
  }

  /** Half a record that no crash left would read as damage: takes it away again. */
  private void undo(IOException cause) {
    try {
      segment.file.resize(written);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Gives the segment its final size and begins its successor, whose head ends with {@code state}.
   * Nothing may be gathered. Not under the log's lock: it waits for the disk.
   */
  Segment begin(LogFiles files, long nextIndex, LogIdentity identity, HardState state)
      throws IOException {
    segment.file.resize(written);
    segment.file.sync();
    return files.next(segment.name.next(nextIndex), writer, identity, state);
  }

  /** Goes on in the segment that {@link #begin} made. */
  void moveTo(Segment next) throws IOException {
    segment = next;
    written = writer.length();
    allocated = next.file.size();
    writer.drop(writer.length());
  }
}
