// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides whether requests that tell their revision are linearizable, without a search.
 *
 * <p>Every acknowledged write and every read names a place in the one order of revisions, so it is
 * enough to look whether that order explains what was answered: a read shows the last write to its
 * key at or below its revision, and nothing that ended before a request began comes after it. A
 * write of unknown fate takes the revision at which its value (each is unique) was seen, if it was.
 */
final class RevisionHistory {

  /** A value of a key at a moment, as a read shows it. */
  record Seen(String value, long modRevision) {}

  private record Write(String key, String value, long began) {}

  private record Placed(long began, long ended, long revision, boolean write, String what) {}

  private record Read(String key, Optional<Seen> seen, long revision, String what) {}

  private final Map<String, Write> byValue = new HashMap<>();
  private final Map<String, Long> revisions = new HashMap<>();
  private final List<Placed> placed = new ArrayList<>();
  private final List<Read> reads = new ArrayList<>();

  /** A write begins; {@code value} is like no other. */
  void begin(String key, String value, long now) {
    byValue.put(value, new Write(key, value, now));
  }

  /** It was acknowledged. */
  void wrote(String value, long revision, long now) {
    Write write = write(value);
    place(value, revision);
    placed.add(new Placed(write.began, now, revision, true, "write " + write));
  }

  /** A linearizable read, answered at {@code revision} of the store. */
  void read(String key, Optional<Seen> seen, long revision, long began, long now) {
    String what = "read of " + key + ": " + seen + " at " + revision;
    placed.add(new Placed(began, now, revision, false, what));
    reads.add(new Read(key, seen, revision, what));
    seen.ifPresent(
        found -> {
          require(write(found.value).key.equals(key), what + " is of another key");
          place(found.value, found.modRevision);
        });
  }

  private Write write(String value) {
    Write write = byValue.get(value);
    require(write != null, "value " + value + " was never written");
    return Objects.requireNonNull(write);
  }

  private void place(String value, long revision) {
    Long before = revisions.putIfAbsent(value, revision);
    require(
        before == null || before == revision,
        "value " + value + " at revision " + revision + " and " + before);
  }

  void judge() {
    Map<String, NavigableMap<Long, String>> writes = new HashMap<>();
    revisions.forEach(
        (value, revision) -> {
          String key = write(value).key;
          String before =
              writes.computeIfAbsent(key, k -> new TreeMap<>()).putIfAbsent(revision, value);
          require(before == null, "revision " + revision + " is of " + before + " and " + value);
        });
    for (Read read : reads) {
      Map.Entry<Long, String> last =
          writes.getOrDefault(read.key, new TreeMap<>()).floorEntry(read.revision);
      Optional<Seen> expected =
          Optional.ofNullable(last).map(write -> new Seen(write.getValue(), write.getKey()));
      require(expected.equals(read.seen), read.what + ", expected " + expected);
    }
    judgeOrder();
  }

  /** What ended before something began has a lower place than it. */
  private void judgeOrder() {
    List<Placed> byBegin = new ArrayList<>(placed);
    byBegin.sort(Comparator.comparingLong(Placed::began));
    List<Placed> byEnd = new ArrayList<>(placed);
    byEnd.sort(Comparator.comparingLong(Placed::ended));
    int ended = 0;
    Placed highest = new Placed(0, 0, 0, false, "nothing");
    for (Placed next : byBegin) {
      while (ended < byEnd.size() && byEnd.get(ended).ended < next.began) {
        Placed before = byEnd.get(ended++);
        highest = before.revision > highest.revision ? before : highest;
      }
      require(
          next.write ? highest.revision < next.revision : highest.revision <= next.revision,
          next.what + " at " + next.revision + " began after the end of " + highest);
    }
  }

  long writes() {
    return placed.stream().filter(Placed::write).count();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
