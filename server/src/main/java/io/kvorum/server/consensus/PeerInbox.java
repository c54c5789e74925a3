// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.base.Bytes;
import io.kvorum.raft.Message;

/** What the network between members tells consensus. Callable from any thread; never blocks. */
public interface PeerInbox {

  /**
   * A message arrived. Dropped when the inbox is full, as the network may drop anything, and when
   * it is a snapshot: that comes through {@link #receiveSnapshot}, with its state.
   */
  void received(Message message);

  /**
   * A snapshot arrives: its message is there, its database is to be written to the receipt.
   *
   * @param treeJson the v2 store JSON it carries
   */
  SnapshotReceipt receiveSnapshot(Message.InstallSnapshot message, Bytes treeJson);

  /** A message to {@code peer} was lost. */
  void unreachable(long peer);

  /** How sending a snapshot ended. */
  void snapshotSent(long peer, boolean delivered);
}
