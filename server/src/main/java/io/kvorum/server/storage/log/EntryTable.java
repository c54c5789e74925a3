// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.raft.LogPosition;
import java.util.ArrayList;
import java.util.List;

/**
 * Where each entry lies: index to (segment, offset) in 8 bytes an entry, terms as runs.
 *
 * <p>Holds the indexes (beginning, last]; the beginning's term is known too. Before the first entry
 * or mark has been met while reading a log, the table is not positioned. Guarded by the log.
 */
final class EntryTable {

  private static final int CHUNK = 4096;

  /** From {@code from} on, up to the next run, entries have this term. */
  private record TermRun(long from, long term) {}

  private final List<long[]> chunks = new ArrayList<>();
  private final List<TermRun> runs = new ArrayList<>();
  private boolean positioned;
  private LogPosition beginning = LogPosition.ZERO;
  private long last;

  /** The index that the first slot of the first chunk stands for. */
  private long origin;

  boolean positioned() {
    return positioned;
  }

  /** The position before the first entry. */
  LogPosition beginning() {
    return beginning;
  }

  long last() {
    return last;
  }

  LogPosition lastPosition() {
    return new LogPosition(term(last), last);
  }

  boolean holds(long index) {
    return index > beginning.index() && index <= last;
  }

  /** The term at {@code index}, which must be the beginning or held. */
  long term(long index) {
    if (index == beginning.index()) {
      return beginning.term();
    }
    require(index);
    int run = runs.size() - 1;
    while (runs.get(run).from > index) {
      run--; // recent terms are asked for, and there are few
    }
    return runs.get(run).term;
  }

  long location(long index) {
    require(index);
    long slot = index - origin;
    return chunks.get((int) (slot / CHUNK))[(int) (slot % CHUNK)];
  }

  /** Forgets everything: the log goes on after {@code position}. */
  void reset(LogPosition position) {
    positioned = true;
    beginning = position;
    last = position.index();
    origin = last + 1;
    chunks.clear();
    runs.clear();
  }

  /** Adds the next entry, or one that replaces all from its index on. */
  void append(LogPosition position, long location) {
    if (position.index() <= beginning.index() || position.index() > last + 1) {
      throw new IllegalArgumentException(
          "index %d: expected %d to %d"
              .formatted(position.index(), beginning.index() + 1, last + 1));
    }
    cut(position.index());
    if (term(last) != position.term() || runs.isEmpty()) {
      runs.add(new TermRun(position.index(), position.term()));
    }
    last = position.index();
    long slot = last - origin;
    if (slot / CHUNK == chunks.size()) {
      chunks.add(new long[CHUNK]);
    }
    chunks.get((int) (slot / CHUNK))[(int) (slot % CHUNK)] = location;
  }

  private void cut(long index) {
    last = index - 1;
    while (!runs.isEmpty() && runs.getLast().from >= index) {
      runs.removeLast();
    }
    int needed = (int) ((last - origin + CHUNK) / CHUNK);
    while (chunks.size() > needed) {
      chunks.removeLast();
    }
  }

  /** Drops the entries whose location is below {@code limit}; locations only grow. */
  void releaseLocationsBelow(long limit) {
    long low = beginning.index();
    long high = last;
    while (low < high) {
      long middle = (low + high + 1) >>> 1;
      if (location(middle) < limit) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    release(low);
  }

  /** Drops entries up to {@code index}, which must be the beginning or held. */
  private void release(long index) {
    if (index == beginning.index()) {
      return;
    }
    beginning = new LogPosition(term(index), index);
    while (runs.size() > 1 && runs.get(1).from <= index + 1) {
      runs.removeFirst();
    }
    int dropped = (int) ((index + 1 - origin) / CHUNK);
    chunks.subList(0, Math.min(dropped, chunks.size())).clear();
    origin += (long) dropped * CHUNK;
  }

  private void require(long index) {
    if (!holds(index)) {
      throw new IllegalArgumentException(
          "index %d: expected %d to %d".formatted(index, beginning.index() + 1, last));
    }
  }
}
