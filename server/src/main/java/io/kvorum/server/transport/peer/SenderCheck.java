// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.raft.Message;

/** Whether a message may come from the member that brings it. */
final class SenderCheck {

  private SenderCheck() {}

  /** Members speak for themselves; only work that was passed on names somebody else. */
  static boolean maySend(long sender, Message message) {
    return switch (message) {
      case Message.Proposal m -> true;
      case Message.ReadIndex m -> true;
      case Message.TransferLeader m -> true;
      case Message.Append m -> m.from() == sender;
      case Message.AppendAccepted m -> m.from() == sender;
      case Message.AppendRejected m -> m.from() == sender;
      case Message.VoteRequest m -> m.from() == sender;
      case Message.VoteResponse m -> m.from() == sender;
      case Message.Heartbeat m -> m.from() == sender;
      case Message.HeartbeatResponse m -> m.from() == sender;
      case Message.InstallSnapshot m -> m.from() == sender;
      case Message.ReadIndexResponse m -> m.from() == sender;
      case Message.TimeoutNow m -> m.from() == sender;
    };
  }
}
