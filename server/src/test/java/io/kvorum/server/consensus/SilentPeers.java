// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.raft.Message;
import java.util.ArrayList;
import java.util.List;

/** A network that only notes what it was to send. */
final class SilentPeers implements PeerTransport {

  final List<Message> sent = new ArrayList<>();
  long activeSince = -1;

  @Override
  public void send(List<Message> messages) {
    sent.addAll(messages);
  }

  @Override
  public void sendSnapshot(Message.InstallSnapshot message, StateForPeer state) {
    state.close();
    sent.add(message);
  }

  @Override
  public long activeSince(long peer) {
    return activeSince;
  }
}
