// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.raft.Entry;
import io.kvorum.raft.SnapshotMetadata;
import java.util.List;

/** What consensus drives: the single writer of all stores. Calls only enqueue, in order. */
public interface StateMachine {

  /** Applies entries, consecutive after all earlier ones, each durable in the own log. */
  void commit(List<Entry> entries);

  /** Replaces all state by the received snapshot kept at this position. */
  void install(SnapshotMetadata snapshot);

  /** Prepares a snapshot of the state after everything handed over so far, for {@code peer}. */
  void prepareSnapshot(long peer);
}
