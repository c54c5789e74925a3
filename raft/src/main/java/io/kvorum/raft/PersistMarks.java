// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import java.util.ArrayDeque;

/**
 * What was handed to the disk and has not come back yet: one mark per batch of effects that needs
 * the disk.
 *
 * <p>Cutting the log back also cuts the marks of batches still under way: what they wrote behind
 * the cut is worth nothing any more, even if the same position is written again later.
 */
final class PersistMarks {

  private record Mark(long batch, long lastIndex, long term, long vote) {}

  private final ArrayDeque<Mark> pending = new ArrayDeque<>();
  private long batch;
  private long durableBatch;
  private long durableIndex;
  private long durableTerm;
  private long durableVote;

  PersistMarks(long lastIndex, HardState hardState) {
    durableIndex = lastIndex;
    durableTerm = hardState.term();
    durableVote = hardState.vote();
  }

  /** The number of the newest batch. */
  long batch() {
    return batch;
  }

  /** Everything up to this index is on the own disk. */
  long durableIndex() {
    return durableIndex;
  }

  boolean isDurable(long term) {
    return durableTerm == term;
  }

  boolean isDurable(long term, long vote) {
    return durableTerm == term && durableVote == vote;
  }

  /** A new batch is on its way; the log then ends at {@code lastIndex}. Returns its number. */
  long handOver(long lastIndex, long term, long vote) {
    pending.addLast(new Mark(++batch, lastIndex, term, vote));
    return batch;
  }

  void persisted(long upToBatch) {
    if (upToBatch > batch) {
      throw new BrokenInvariant(
          "batch " + upToBatch + " reported persisted, but the last one drained is " + batch);
    }
    durableBatch = Math.max(durableBatch, upToBatch);
    Mark mark = pending.peekFirst();
    while (mark != null && mark.batch() <= durableBatch) {
      durableIndex = mark.lastIndex();
      durableTerm = mark.term();
      durableVote = mark.vote();
      pending.removeFirst();
      mark = pending.peekFirst();
    }
  }

  /** The log was cut back so that it ends at {@code index}. */
  void truncatedAfter(long index) {
    durableIndex = Math.min(durableIndex, index);
    for (int i = pending.size(); i > 0; i--) {
      Mark mark = pending.removeFirst();
      pending.addLast(
          new Mark(mark.batch(), Math.min(mark.lastIndex(), index), mark.term(), mark.vote()));
    }
  }

  /** The whole log was replaced by a durable snapshot at {@code index}. */
  void restarted(long index) {
    durableIndex = index;
    for (int i = pending.size(); i > 0; i--) {
      Mark mark = pending.removeFirst();
      pending.addLast(new Mark(mark.batch(), index, mark.term(), mark.vote()));
    }
  }
}
