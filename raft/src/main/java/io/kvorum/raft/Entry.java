// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import io.kvorum.base.Bytes;

/** One position of the replicated log. A proposal has term and index 0 until a leader places it. */
public record Entry(EntryType type, long term, long index, Bytes data) {

  /** A command that has no place in the log yet. */
  public static Entry proposal(Bytes data) {
    return new Entry(EntryType.NORMAL, 0, 0, data);
  }

  public LogPosition position() {
    return new LogPosition(term, index);
  }
}
