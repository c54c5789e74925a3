// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

/** A place in the log: by the log matching property, equal positions hold equal prefixes. */
public record LogPosition(long term, long index) implements Comparable<LogPosition> {

  /** Before the first entry. */
  public static final LogPosition ZERO = new LogPosition(0, 0);

  /** Term first, then index: the order of "at least as up to date" (Raft, section 5.4.1). */
  @Override
  public int compareTo(LogPosition other) {
    int byTerm = Long.compareUnsigned(term, other.term);
    return byTerm != 0 ? byTerm : Long.compareUnsigned(index, other.index);
  }
}
