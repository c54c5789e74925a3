// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import java.util.List;

/**
 * The replicated log as the core sees it: its newest part in memory and the places that matter in
 * it.
 *
 * <pre>
 *   start        before          applied      durable   commit        last
 *     |------------|----------------|------------|---------|------------|
 *      disk only    kept in memory                                in memory
 * </pre>
 *
 * <ul>
 *   <li>start: before the first entry that the disk still has
 *   <li>before: what is in memory begins behind it; always before ≤ applied. Mostly start ≤ before,
 *       but memory may also reach further back than the disk
 *   <li>applied ≤ handed out for application ≤ min(commit, durable)
 *   <li>commit and durable both lie between applied and last, in either order: a leader may know
 *       that a quorum holds what its own disk does not hold yet
 * </ul>
 *
 * Entries leave memory only when they are both applied and durable, and only when the tail is
 * larger than its bound; so whatever still matters to this node itself is always at hand.
 */
final class RaftLog {

  /** The term of an entry that is not in memory or does not exist. */
  static final long UNKNOWN_TERM = -1;

  private final int chunkBytesMax;
  private final long tailBytesMax;
  private final EntryRing ring;
  private final PersistMarks marks;

  private LogPosition start;
  private long commit;
  private long applied;

  /** Up to here entries were handed out for application. */
  private long released;

  /** Up to here entries were handed to the disk. */
  private long handedOver;

  /** The newest configuration entry that is committed. */
  private long committedChange;

  /** The last chunk made: followers in step with each other, and the disk, want the same one. */
  private List<Entry> chunk = List.of();

  private long chunkFrom;
  private long chunkLastIndex;

  RaftLog(StartState state, int chunkBytesMax, long tailBytesMax) {
    this.chunkBytesMax = chunkBytesMax;
    this.tailBytesMax = tailBytesMax;
    ring = new EntryRing(state.beforeEntries());
    state.entries().forEach(ring::add);
    start = state.logStart();
    applied = state.applied().index();
    released = applied;
    handedOver = ring.lastIndex();
    marks = new PersistMarks(handedOver, state.hardState());
    checkStart(state);
    commit = applied;
    committedChange = 0;
    commitTo(Math.max(applied, state.hardState().commit()));
    commitTo(provenCommit());
    evict();
  }

  /**
   * Of several configuration entries all but the last are committed: a leader places one only when
   * it has applied the one before. Usually the commit index says so too. But after a crash a batch
   * may be there in part, the entry but not the commit index that came with it; a node that did not
   * draw the conclusion could campaign with a configuration two steps old, whose majorities need
   * not meet those of today.
   */
  private long provenCommit() {
    long proven = commit;
    long newest = 0;
    for (long i = commit + 1; i <= lastIndex(); i++) {
      if (ring.get(i).type() != EntryType.NORMAL) {
        proven = Math.max(proven, newest);
        newest = i;
      }
    }
    return proven;
  }

  private void checkStart(StartState state) {
    long last = ring.lastIndex();
    if (applied > last || state.hardState().commit() > last) {
      throw new BrokenInvariant(
          "the log ends at %d, but %d is committed and %d applied: the log lost its end"
              .formatted(last, state.hardState().commit(), applied));
    }
    if (ring.before().index() > applied || start.index() > ring.before().index()) {
      throw new BrokenInvariant(
          "the log starts behind %d, entries were given from behind %d, but %d is applied"
              .formatted(start.index(), ring.before().index(), applied));
    }
  }

  /** What follows this index can still be had, from memory or from disk. */
  long reachableFrom() {
    return Math.min(start.index(), evictedIndex());
  }

  /** Entries up to here are no longer in memory. */
  long evictedIndex() {
    return ring.before().index();
  }

  long lastIndex() {
    return ring.lastIndex();
  }

  LogPosition last() {
    return ring.last();
  }

  long commit() {
    return commit;
  }

  long applied() {
    return applied;
  }

  long durableIndex() {
    return marks.durableIndex();
  }

  PersistMarks marks() {
    return marks;
  }

  long committedChange() {
    return committedChange;
  }

  long tailBytes() {
    return ring.bytes();
  }

  long termAt(long index) {
    if (index > ring.before().index() && index <= ring.lastIndex()) {
      return ring.get(index).term();
    }
    if (index == ring.before().index()) {
      return ring.before().term();
    }
    return index == start.index() ? start.term() : UNKNOWN_TERM;
  }

  boolean holds(LogPosition position) {
    return termAt(position.index()) == position.term();
  }

  /**
   * The last position at or before {@code index} whose term is at most {@code term}: as far as two
   * logs can agree when one of them has {@code term} there. Term 0 when memory does not reach back
   * that far.
   */
  LogPosition lastAgreeable(long index, long term) {
    long at = Math.min(index, lastIndex());
    while (termAt(at) > term) {
      at--;
    }
    return new LogPosition(Math.max(0, termAt(at)), at);
  }

  /** The leader's own next entry. */
  void append(Entry entry) {
    ring.add(entry);
  }

  /**
   * Takes what a leader sent to follow a position this log holds; entries that are here already are
   * left alone, and the first one that differs cuts off the rest.
   *
   * @return the index up to which this log now equals the leader's
   */
  long append(LogPosition previous, List<Entry> entries) {
    long expected = previous.index();
    for (Entry entry : entries) {
      expected++;
      if (entry.index() != expected) {
        throw new BrokenInvariant(
            "an append behind %d has entry %d where %d belongs"
                .formatted(previous.index(), entry.index(), expected));
      }
      if (entry.index() > lastIndex()) {
        ring.add(entry);
      } else if (termAt(entry.index()) != entry.term()) {
        truncateFrom(entry);
        ring.add(entry);
      }
    }
    return expected;
  }

  private void truncateFrom(Entry conflict) {
    if (conflict.index() <= commit) {
      throw new BrokenInvariant(
          "entry %d is committed up to %d with term %d, but the leader sent it with term %d"
              .formatted(conflict.index(), commit, termAt(conflict.index()), conflict.term()));
    }
    long end = conflict.index() - 1;
    ring.truncateAfter(end);
    marks.truncatedAfter(end);
    handedOver = Math.min(handedOver, end);
    chunk = List.of();
  }

  /** Moves the commit index forward, never back. */
  boolean commitTo(long index) {
    if (index <= commit) {
      return false;
    }
    if (index > lastIndex()) {
      throw new BrokenInvariant(
          "commit %d is beyond the log's last entry %d: was the log lost?"
              .formatted(index, lastIndex()));
    }
    for (long i = commit + 1; i <= index; i++) {
      if (ring.get(i).type() != EntryType.NORMAL) {
        committedChange = i;
      }
    }
    commit = index;
    return true;
  }

  void applied(long index) {
    if (index > released) {
      throw new BrokenInvariant(
          "entry %d reported applied, but only %d were handed out".formatted(index, released));
    }
    applied = Math.max(applied, index);
    evict();
  }

  void persisted(long batch) {
    marks.persisted(batch);
    evict();
  }

  /** The disk no longer has anything up to {@code position}. */
  void released(LogPosition position) {
    if (position.index() > released) {
      throw new BrokenInvariant(
          "the log was cut up to %d, but only %d were handed out for application"
              .formatted(position.index(), released));
    }
    if (position.index() > start.index()) {
      start = position;
    }
  }

  /** A durable snapshot took the place of the whole log. */
  void restart(LogPosition position) {
    ring.restart(position);
    marks.restarted(position.index());
    start = position;
    commit = position.index();
    applied = commit;
    released = commit;
    handedOver = commit;
    chunk = List.of();
  }

  boolean hasNewEntries() {
    return handedOver < lastIndex();
  }

  boolean hasCommitted() {
    return released < Math.min(commit, durableIndex());
  }

  /** What the disk has not been given yet. */
  List<Entry> takeNewEntries() {
    long from = handedOver + 1;
    handedOver = lastIndex();
    if (!chunk.isEmpty() && chunkFrom == from && from + chunk.size() - 1 == handedOver) {
      return chunk;
    }
    return ring.copy(from, handedOver);
  }

  /** What may be applied now and was not handed out before. */
  List<Entry> takeCommitted() {
    long from = released + 1;
    released = Math.max(released, Math.min(commit, durableIndex()));
    return ring.copy(from, released);
  }

  /** Entries from {@code from} on, as many as fit into one message but at least one. */
  List<Entry> chunk(long from) {
    if (from > lastIndex()) {
      return List.of();
    }
    if (chunk.isEmpty() || chunkFrom != from || chunkLastIndex != lastIndex()) {
      long to = from;
      long bytes = RaftWire.size(ring.get(from));
      while (to < lastIndex()) {
        bytes += RaftWire.size(ring.get(to + 1));
        if (bytes > chunkBytesMax) {
          break;
        }
        to++;
      }
      chunk = ring.copy(from, to);
      chunkFrom = from;
      chunkLastIndex = lastIndex();
    }
    return chunk;
  }

  private void evict() {
    long evictable = Math.min(applied, durableIndex());
    while (ring.bytes() > tailBytesMax && ring.before().index() < evictable) {
      ring.removeFirst();
    }
  }
}
