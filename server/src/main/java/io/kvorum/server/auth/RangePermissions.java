// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.AuthCommand.Permission;
import io.kvorum.server.command.KeyspaceCommand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * The keys that somebody may read, or may write: ranges that neither overlap nor touch, in order,
 * so that one binary search decides. Immutable.
 *
 * <p>A range is allowed when it lies in the union of what was granted, whichever roles it came
 * from. What grants nothing (an empty key, an end that is not behind its key) is left out; genuine
 * members keep it in their tree, where it never decides anything either.
 */
final class RangePermissions {

  private final List<KeyRange> ranges;

  private RangePermissions(List<KeyRange> ranges) {
    this.ranges = ranges;
  }

  /** What {@code permissions} of the types that {@code counts} grant together. */
  static RangePermissions of(List<Permission> permissions, IntPredicate counts) {
    List<KeyRange> granted = new ArrayList<>();
    for (Permission permission : permissions) {
      if (counts.test(permission.type()) && !permission.key().isEmpty()) {
        KeyRange range = KeyspaceCommand.range(permission.key(), permission.rangeEnd());
        if (!range.isEmpty()) {
          granted.add(range);
        }
      }
    }
    granted.sort(Comparator.comparing(KeyRange::from));
    return new RangePermissions(merged(granted));
  }

  private static List<KeyRange> merged(List<KeyRange> sorted) {
    List<KeyRange> merged = new ArrayList<>();
    for (KeyRange range : sorted) {
      KeyRange last = merged.isEmpty() ? null : merged.getLast();
      if (last == null || isBefore(last, range)) {
        merged.add(range);
      } else {
        merged.set(merged.size() - 1, new KeyRange(last.from(), later(last.to(), range.to())));
      }
    }
    return List.copyOf(merged);
  }

  /** Whether there is room between two ranges. */
  private static boolean isBefore(KeyRange first, KeyRange second) {
    return first.to().isPresent() && first.to().get().compareTo(second.from()) < 0;
  }

  private static Optional<Bytes> later(Optional<Bytes> one, Optional<Bytes> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return Optional.empty();
    }
    return one.get().compareTo(other.get()) < 0 ? other : one;
  }

  /**
   * Whether all of a request's range is allowed.
   *
   * @param rangeEnd as in {@link KeyspaceCommand#range}
   */
  boolean allow(Bytes key, Bytes rangeEnd) {
    KeyRange asked = KeyspaceCommand.range(key, rangeEnd);
    if (asked.to().isPresent() && asked.to().get().compareTo(key) < 0) {
      return allowBackwards(asked);
    }
    int at = lastFrom(asked.from());
    return at >= 0 && reaches(ranges.get(at), asked);
  }

  /** The last range that begins at {@code key} or before it; -1 for none. */
  private int lastFrom(Bytes key) {
    int low = 0;
    int high = ranges.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ranges.get(middle).from().compareTo(key) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private static boolean reaches(KeyRange granted, KeyRange asked) {
    if (granted.to().isEmpty()) {
      return true;
    }
    Bytes end = granted.to().get();
    return asked.from().compareTo(end) < 0
        && asked.to().isPresent()
        && asked.to().get().compareTo(end) <= 0;
  }

  /**
   * A range whose end lies before its key holds nothing, but decides whether the rest of a
   * transaction happens, so the answer must be a genuine member's: yes if exactly one granted range
   * lies between the two.
   */
  private boolean allowBackwards(KeyRange asked) {
    Bytes start = asked.from();
    Bytes end = asked.to().orElseThrow();
    return ranges.stream()
            .filter(
                range ->
                    range.from().compareTo(start) <= 0
                        && (range.from().compareTo(end) > 0 || range.contains(start)))
            .count()
        == 1;
  }
}
