// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a segment file.
 *
 * @param sequence counts the segments of a log from 0, without a gap
 * @param firstIndex what the next entry's index was when the segment was begun; 0 in the first.
 *     Entries before it may follow all the same, when a leader overwrote them
 */
record SegmentName(long sequence, long firstIndex) implements Comparable<SegmentName> {

  private static final Pattern FORM = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.wal");

  /** Empty for any other file. */
  static Optional<SegmentName> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new SegmentName(
                Long.parseUnsignedLong(matcher.group(1), 16),
                Long.parseUnsignedLong(matcher.group(2), 16)))
        : Optional.empty();
  }

  static List<SegmentName> parseAll(List<String> names) {
    return names.stream().map(SegmentName::parse).flatMap(Optional::stream).sorted().toList();
  }

  SegmentName next(long nextIndex) {
    return new SegmentName(sequence + 1, nextIndex);
  }

  @Override
  public int compareTo(SegmentName other) {
    return Comparator.comparingLong(SegmentName::sequence).compare(this, other);
  }

  @Override
  public String toString() {
    return "%016x-%016x.wal".formatted(sequence, firstIndex);
  }
}
