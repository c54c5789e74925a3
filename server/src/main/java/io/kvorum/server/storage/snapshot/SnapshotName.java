// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.snapshot;

import io.kvorum.raft.LogPosition;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name of a snapshot file says where in the log it stands; newest is greatest. */
record SnapshotName(LogPosition position) implements Comparable<SnapshotName> {

  private static final Pattern FORM = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.snap");

  /** Empty for any other file. */
  static Optional<SnapshotName> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new SnapshotName(
                new LogPosition(
                    Long.parseUnsignedLong(matcher.group(1), 16),
                    Long.parseUnsignedLong(matcher.group(2), 16))))
        : Optional.empty();
  }

  /** Oldest first. */
  static List<SnapshotName> parseAll(List<String> names) {
    return names.stream().map(SnapshotName::parse).flatMap(Optional::stream).sorted().toList();
  }

  @Override
  public int compareTo(SnapshotName other) {
    return position.compareTo(other.position);
  }

  @Override
  public String toString() {
    return "%016x-%016x.snap".formatted(position.term(), position.index());
  }
}
