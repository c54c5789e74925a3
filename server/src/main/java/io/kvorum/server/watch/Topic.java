// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import io.kvorum.base.KeyRange;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * One watched range and the last revisions in which something happened in it, for all who watch it.
 * The apply thread notes revisions; watchers read them at their own pace and keep nothing but their
 * cursor.
 */
final class Topic {

  /**
   * The revisions noted, as of some moment: those at [from, to) of {@code revisions}. Arrays are
   * only ever appended to, so what a reader holds stays as it is.
   *
   * @param knownFrom from this revision on none is missing
   */
  record Noted(long[] revisions, int from, int to, long knownFrom) {

    /** The place of the first one that is not below {@code revision}. */
    int firstFrom(long revision) {
      int at = Arrays.binarySearch(revisions, from, to, revision);
      return at >= 0 ? at : -at - 1;
    }

    /** The last one, or 0. */
    long last() {
      return from == to ? 0 : revisions[to - 1];
    }
  }

  private static final int ROOM_FIRST = 8;

  private final KeyRange range;
  private final int notedMax;

  /** By number, so that who came first is told first. */
  private final Map<Long, KeyspaceWatcher> watchers = new ConcurrentSkipListMap<>();

  private int members;
  private volatile Noted noted;

  Topic(KeyRange range, int notedMax, long knownFrom) {
    this.range = range;
    this.notedMax = notedMax;
    noted = new Noted(new long[0], 0, 0, knownFrom);
  }

  KeyRange range() {
    return range;
  }

  Noted noted() {
    return noted;
  }

  // --- under the lock of KeyspaceWatches ---

  void join(KeyspaceWatcher watcher) {
    watchers.put(watcher.number(), watcher);
    members++;
  }

  /** How many are left. */
  int part(KeyspaceWatcher watcher) {
    watchers.remove(watcher.number());
    return --members;
  }

  // --- the apply thread ---

  /** Notes {@code revision}, unless it was the last one already; whether it was new. */
  boolean note(long revision) {
    Noted before = noted;
    if (before.last() == revision) {
      return false;
    }
    int from = before.from();
    long knownFrom = before.knownFrom();
    if (before.to() - from == notedMax) {
      knownFrom = before.revisions()[from] + 1;
      from++;
    }
    long[] revisions = before.revisions();
    int to = before.to();
    if (to == revisions.length) {
      int count = to - from;
      long[] larger = new long[Math.max(ROOM_FIRST, 2 * count)];
      System.arraycopy(revisions, from, larger, 0, count);
      revisions = larger;
      from = 0;
      to = count;
    }
    revisions[to] = revision;
    noted = new Noted(revisions, from, to + 1, knownFrom);
    return true;
  }

  /** Nothing below {@code revision} is known any more. */
  void restart(long revision) {
    noted = new Noted(new long[0], 0, 0, revision);
  }

  /** Tells those who watch that there may be something. */
  void wake() {
    watchers.values().forEach(KeyspaceWatcher::wake);
  }
}
