// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.raft.ConfState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.consensus.AppliedListener;
import io.kvorum.server.consensus.StateForPeer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Consensus drives apply and apply answers consensus; one of the two must be built first. Apply is,
 * with this in the place of its listener; nothing is committed before it opens.
 */
final class AppliedDoor implements AppliedListener {

  private final CompletableFuture<AppliedListener> behind = new CompletableFuture<>();

  void open(AppliedListener listener) {
    behind.complete(listener);
  }

  @Override
  public void applied(LogPosition last, List<Answer> answers) {
    behind.join().applied(last, answers);
  }

  @Override
  public void configurationApplied(long index, ConfState confState) {
    behind.join().configurationApplied(index, confState);
  }

  @Override
  public void snapshotInstalled(LogPosition position) {
    behind.join().snapshotInstalled(position);
  }

  @Override
  public void snapshotPrepared(long peer, SnapshotMetadata snapshot, StateForPeer state) {
    behind.join().snapshotPrepared(peer, snapshot, state);
  }
}
