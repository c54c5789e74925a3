// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.raft.Entry;
import io.kvorum.raft.RaftWire;
import java.util.ArrayList;
import java.util.List;

/** Plans which parts of which segments to read for a range of entries. */
final class EntryReads {

  private EntryReads() {}

  /**
   * The spans of {@code from} to {@code to}, at least one entry and then as many as {@code
   * bytesMax} bytes of segment allow. Both must be in the table.
   */
  static List<EntrySpan> plan(
      EntryTable table, List<Segment> segments, long from, long to, int bytesMax) {
    List<EntrySpan> spans = new ArrayList<>();
    long oldest = segments.getFirst().name.sequence();
    long bytes = 0;
    for (long index = from; index <= to && bytes <= bytesMax; ) {
      long location = table.location(index);
      Segment segment = segments.get((int) ((location >>> 32) - oldest));
      EntrySpan span = new EntrySpan(segment, index, checkedFrom(table, index, location));
      while (index <= to && bytes <= bytesMax && sameSegment(table.location(index), location)) {
        bytes += span.add((int) table.location(index));
        index++;
      }
      spans.add(span);
    }
    return spans;
  }

  /** Where reading must start so that the first entry's checksum is checked too. */
  private static long checkedFrom(EntryTable table, long index, long location) {
    boolean before = table.holds(index - 1) && sameSegment(table.location(index - 1), location);
    return (before ? table.location(index - 1) : location) & 0xffff_ffffL;
  }

  private static boolean sameSegment(long one, long other) {
    return one >>> 32 == other >>> 32;
  }

  /** As many of {@code entries} as {@code bytesMax} encoded bytes allow, but at least one. */
  static List<Entry> limit(List<Entry> entries, int bytesMax) {
    long bytes = 0;
    for (int i = 0; i < entries.size(); i++) {
      bytes += RaftWire.size(entries.get(i));
      if (bytes > bytesMax && i > 0) {
        return List.copyOf(entries.subList(0, i));
      }
    }
    return List.copyOf(entries);
  }

  /**
   * The index before the tail of the log that takes at most {@code bytesMax} bytes of segment, but
   * holds one entry at least; not below {@code floor}.
   */
  static long tailBegin(EntryTable table, long endLocation, long floor, long bytesMax) {
    long index = table.last();
    long bytes = 0;
    long end = endLocation;
    while (index > floor) {
      long location = table.location(index);
      bytes += sameSegment(location, end) ? end - location : 0; // a segment's last one is free
      if (bytes > bytesMax && index < table.last()) {
        break;
      }
      end = location;
      index--;
    }
    return index;
  }
}
