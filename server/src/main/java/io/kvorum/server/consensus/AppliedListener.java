// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.raft.ConfState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.command.Outcome;
import java.util.List;

/** What the single writer tells consensus, after the effects are visible to readers. */
public interface AppliedListener {

  /** Everything up to {@code last} is visible; {@code answers} are this round's, in log order. */
  void applied(LogPosition last, List<Answer> answers);

  /** The configuration entry at {@code index} led to {@code confState}. */
  void configurationApplied(long index, ConfState confState);

  /** The received snapshot is the state now, durably. */
  void snapshotInstalled(LogPosition position);

  /** A snapshot for {@code peer} can be sent; consensus closes {@code state}. */
  void snapshotPrepared(long peer, SnapshotMetadata snapshot, StateForPeer state);

  /** The outcome of one entry, for whoever proposed it on this member. */
  record Answer(long requestId, Outcome outcome, long logIndex, long term) {}
}
