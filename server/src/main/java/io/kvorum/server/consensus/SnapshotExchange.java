// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.base.Bytes;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.Message;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.storage.snapshot.SnapshotFiles;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots on their way in and out.
 *
 * <p>The core deals in positions; the state belonging to one waits here until its message is sent
 * (one per peer at a time, so at most as many as there are peers), and a received one is in its
 * file, fsynced, before the core hears of it.
 */
final class SnapshotExchange {

  private record Prepared(LogPosition position, Bytes treeJson) {}

  private final SnapshotFiles files;
  private final PeerTransport peers;
  private final Map<Long, Prepared> prepared = new HashMap<>();

  SnapshotExchange(SnapshotFiles files, PeerTransport peers) {
    this.files = files;
    this.peers = peers;
  }

  synchronized void keep(long peer, SnapshotMetadata snapshot, Bytes treeJson) {
    prepared.put(peer, new Prepared(snapshot.position(), treeJson));
  }

  /** Sends the prepared state with its message; false when there is none for this position. */
  boolean send(Message.InstallSnapshot message) {
    @Nullable Prepared state;
    synchronized (this) {
      state = prepared.remove(message.to());
    }
    if (state == null || !state.position.equals(message.snapshot().position())) {
      return false;
    }
    peers.sendSnapshot(message, state.treeJson);
    return true;
  }

  /** Keeps a received snapshot durably. Blocks on the disk. */
  void receive(SnapshotMetadata snapshot, Bytes treeJson) {
    files.save(snapshot, treeJson);
  }
}
