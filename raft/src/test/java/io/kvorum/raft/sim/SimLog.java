// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import io.kvorum.raft.Entry;
import io.kvorum.raft.LogPosition;
import java.util.ArrayList;
import java.util.List;

/** A log as plain as can be: a beginning and consecutive entries behind it. */
final class SimLog {

  private LogPosition start;
  private final ArrayList<Entry> entries;

  SimLog() {
    this(LogPosition.ZERO, new ArrayList<>());
  }

  private SimLog(LogPosition start, ArrayList<Entry> entries) {
    this.start = start;
    this.entries = entries;
  }

  SimLog copy() {
    return new SimLog(start, new ArrayList<>(entries));
  }

  LogPosition start() {
    return start;
  }

  LogPosition last() {
    return entries.isEmpty() ? start : entries.get(entries.size() - 1).position();
  }

  long lastIndex() {
    return start.index() + entries.size();
  }

  /** The term at {@code index}, -1 when the log does not hold that index. */
  long termAt(long index) {
    if (index == start.index()) {
      return start.term();
    }
    return index < start.index() || index > lastIndex() ? -1 : get(index).term();
  }

  Entry get(long index) {
    return entries.get((int) (index - start.index() - 1));
  }

  /** Entries from {@code from} to {@code to}, both included. */
  List<Entry> range(long from, long to) {
    int base = (int) start.index();
    return List.copyOf(entries.subList((int) from - base - 1, (int) to - base));
  }

  /** Whether something was cut off. */
  boolean append(List<Entry> added) {
    long first = added.get(0).index();
    if (first <= start.index() || first > lastIndex() + 1) {
      throw new Violation(
          "append at " + first + " to a log of " + start.index() + " to " + lastIndex());
    }
    boolean cut = first <= lastIndex();
    if (cut) {
      entries.subList((int) (first - start.index() - 1), entries.size()).clear();
    }
    for (Entry entry : added) {
      if (entry.index() != lastIndex() + 1) {
        throw new Violation("entry " + entry.index() + " handed over after " + lastIndex());
      }
      entries.add(entry);
    }
    return cut;
  }

  void release(LogPosition to) {
    if (to.index() > start.index() && to.index() <= lastIndex()) {
      entries.subList(0, (int) (to.index() - start.index())).clear();
      start = to;
    }
  }

  void reset(LogPosition to) {
    entries.clear();
    start = to;
  }
}
