// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.raft.Message;
import java.util.List;

/**
 * What consensus needs of the network between members. Callable from any thread; never blocks. A
 * message may be lost, and is then reported to {@link PeerInbox#unreachable}; it is never sent
 * twice on purpose.
 */
public interface PeerTransport {

  /** Sends messages to their {@code to}; unknown and removed receivers are ignored. */
  void send(List<Message> messages);

  /**
   * Sends a snapshot, ends with {@link PeerInbox#snapshotSent}.
   *
   * @param state as of the message's position; the transport closes it
   */
  void sendSnapshot(Message.InstallSnapshot message, StateForPeer state);

  /** Since when (monotonic nanoseconds) the connection to {@code peer} works, or -1. */
  long activeSince(long peer);
}
