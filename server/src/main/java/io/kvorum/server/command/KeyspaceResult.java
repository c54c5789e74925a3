// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import java.util.List;
import java.util.Optional;

/**
 * What a command or query of the v3 keyspace came to. {@code revision} is what its header says: of
 * a change that revision, else the keyspace's revision at that moment.
 */
public sealed interface KeyspaceResult {

  long revision();

  /**
   * A put.
   *
   * @param previous when asked for, and there was one
   */
  record Put(long revision, Optional<KeyValue> previous) implements KeyspaceResult {}

  /**
   * A deletion.
   *
   * @param previous in key order; empty unless asked for
   */
  record DeleteRange(long revision, long deleted, List<KeyValue> previous)
      implements KeyspaceResult {

    public DeleteRange {
      previous = List.copyOf(previous);
    }
  }

  /**
   * A read.
   *
   * @param more whether the limit cut something off
   * @param count how many keys the range holds, before limit and bounds
   */
  record Range(long revision, List<KeyValue> found, boolean more, long count)
      implements KeyspaceResult {}

  /** A transaction: one result for each operation of the branch that was taken. */
  record Txn(long revision, boolean succeeded, List<KeyspaceResult> results)
      implements KeyspaceResult {

    public Txn {
      results = List.copyOf(results);
    }
  }

  /**
   * A hash over history.
   *
   * @param hash CRC-32C
   * @param compactRevision -1 when nothing was ever compacted
   * @param hashRevision up to where
   */
  record Hash(long revision, int hash, long compactRevision, long hashRevision)
      implements KeyspaceResult {}

  /** A compaction, which begins now. */
  record Compact(long revision) implements KeyspaceResult {}
}
