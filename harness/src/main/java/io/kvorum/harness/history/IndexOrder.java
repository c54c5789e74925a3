// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What holds of indexes, or revisions, over all keys: no two writes have the same one, and what
 * began after an answer arrived shows none from before it.
 */
public final class IndexOrder {

  /**
   * The index that an answer showed.
   *
   * @param isWrite whether it was made by the call itself
   * @param what the call, for the reader of a failure
   */
  public record Stamp(long begun, long ended, long index, boolean isWrite, Object what) {}

  private IndexOrder() {}

  /** The stamp of an answered call of the v2 API. */
  public static Optional<Stamp> stamp(Operation<TreeCall, TreeAnswer> operation) {
    return operation
        .outcome()
        .map(
            known ->
                new Stamp(
                    operation.begun(),
                    known.ended(),
                    known.answer().index(),
                    known.answer() instanceof TreeAnswer.Done,
                    operation));
  }

  /** The first contradiction, in words; empty when there is none. */
  public static Optional<String> violation(List<Stamp> stamps) {
    Map<Long, Stamp> writes = new HashMap<>();
    for (Stamp stamp : stamps) {
      Stamp other = stamp.isWrite() ? writes.put(stamp.index(), stamp) : null;
      if (other != null) {
        return Optional.of(
            "two writes at one index:\n  %s\n  %s".formatted(other.what(), stamp.what()));
      }
    }
    return goingBack(stamps);
  }

  private static Optional<String> goingBack(List<Stamp> stamps) {
    List<Stamp> byBegin = new ArrayList<>(stamps);
    byBegin.sort(Comparator.comparingLong(Stamp::begun));
    List<Stamp> byEnd = new ArrayList<>(stamps);
    byEnd.sort(Comparator.comparingLong(Stamp::ended));
    Optional<Stamp> newest = Optional.empty();
    int over = 0;
    for (Stamp stamp : byBegin) {
      for (; byEnd.get(over).ended() < stamp.begun(); over++) {
        Stamp ended = byEnd.get(over);
        if (newest.map(known -> known.index() < ended.index()).orElse(true)) {
          newest = Optional.of(ended);
        }
      }
      long least = newest.map(Stamp::index).orElse(0L) + (stamp.isWrite() ? 1 : 0);
      if (stamp.index() < least) {
        return Optional.of(
            "the index went back:\n  %s\n  %s"
                .formatted(newest.map(Stamp::what).orElse("nothing"), stamp.what()));
      }
    }
    return Optional.empty();
  }
}
