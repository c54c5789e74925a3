// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.base.MalformedProto;
import io.kvorum.raft.Entry;
import io.kvorum.raft.RaftWire;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Consecutive entries inside one segment, to be read in one go. */
final class EntrySpan {

  /** More than most entries take; a longer last one costs a second read. */
  private static final int LAST_ENTRY_BYTES = 4 << 10;

  private final Segment segment;
  private final long firstIndex;
  private final long start;
  private int[] offsets = new int[16];
  private int count;

  /** {@code start} is where reading begins: at the first entry or at an entry before it. */
  EntrySpan(Segment segment, long firstIndex, long start) {
    this.segment = segment;
    this.firstIndex = firstIndex;
    this.start = start;
  }

  Segment segment() {
    return segment;
  }

  /** Adds the next entry; returns by how many bytes the span grew, not counting its last entry. */
  long add(int offset) {
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * count);
    }
    long before = end();
    offsets[count++] = offset;
    return end() - before;
  }

  /** Just behind the beginning of the last entry. */
  long end() {
    return count == 0 ? start + 1 : Integer.toUnsignedLong(offsets[count - 1]) + 1;
  }

  /** Adds the entries to {@code target}; they share one buffer, which no one else uses. */
  void read(List<Entry> target) throws IOException {
    int bytes = (int) Math.min(end() - start + LAST_ENTRY_BYTES, Integer.MAX_VALUE - 8);
    FrameReader frames = new FrameReader(segment.file, segment.path, start, bytes);
    for (int next = 0; next < count; ) {
      FrameReader.Verdict verdict = frames.read();
      if (verdict != FrameReader.Verdict.RECORD
          || frames.offset() > Integer.toUnsignedLong(offsets[next])) {
        throw frames.damaged("entry " + (firstIndex + next) + " is not where it was written");
      }
      if (frames.offset() == Integer.toUnsignedLong(offsets[next])) {
        target.add(entry(frames, firstIndex + next));
        next++;
      }
    }
  }

  private static Entry entry(FrameReader frames, long index) {
    try {
      Entry entry = RaftWire.decodeEntry(frames.data());
      if (frames.type() == RecordType.ENTRY && entry.index() == index) {
        return entry;
      }
    } catch (MalformedProto e) {
      throw frames.damaged("entry " + index + " does not parse: " + e.getMessage());
    }
    throw frames.damaged("entry " + index + " is not where it was written");
  }
}
