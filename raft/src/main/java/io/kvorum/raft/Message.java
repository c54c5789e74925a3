// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import io.kvorum.base.Bytes;
import java.util.List;

/**
 * What nodes say to each other. The wire form is etcd's raftpb.Message ({@code RaftWire}).
 *
 * <p>{@code term} is the sender's term unless a case says otherwise; forwarded work (proposals,
 * read requests) carries none and stays outside the term rules.
 */
public sealed interface Message {

  long to();

  long from();

  /** 0 when the message takes no part in the term rules. */
  long term();

  /** MsgApp. {@code commit} is the leader's, not limited to what is sent. */
  record Append(
      long to, long from, long term, LogPosition previous, List<Entry> entries, long commit)
      implements Message {}

  /** MsgAppResp, accepted up to {@code index}; index 0 only announces a higher term. */
  record AppendAccepted(long to, long from, long term, long index) implements Message {}

  /**
   * MsgAppResp, refused: {@code index} is the refused append's previous index, {@code hint} where
   * the follower's log may match (hint.term 0: unknown, as 3.4 members send it).
   */
  record AppendRejected(long to, long from, long term, long index, LogPosition hint)
      implements Message {}

  /** MsgVote and MsgPreVote; a pre-vote's term is the sender's plus one. */
  record VoteRequest(
      long to, long from, long term, boolean preVote, LogPosition last, boolean transfer)
      implements Message {}

  /** MsgVoteResp and MsgPreVoteResp: the request's term when granted, the own one when not. */
  record VoteResponse(long to, long from, long term, boolean preVote, boolean rejected)
      implements Message {}

  /** MsgHeartbeat. {@code commit} is capped by what the target is known to hold. */
  record Heartbeat(long to, long from, long term, long commit, Bytes context) implements Message {}

  /** MsgHeartbeatResp: the context comes back verbatim and is never interpreted. */
  record HeartbeatResponse(long to, long from, long term, Bytes context) implements Message {}

  /** MsgSnap. The state itself travels beside the message; the core sees only its metadata. */
  record InstallSnapshot(long to, long from, long term, SnapshotMetadata snapshot)
      implements Message {}

  /** MsgProp, a follower's clients' proposals on their way to the leader. */
  record Proposal(long to, long from, List<Entry> entries) implements Message {
    @Override
    public long term() {
      return 0;
    }
  }

  /** MsgReadIndex, a follower asking the leader for a read index. */
  record ReadIndex(long to, long from, Bytes context) implements Message {
    @Override
    public long term() {
      return 0;
    }
  }

  /** MsgReadIndexResp. */
  record ReadIndexResponse(long to, long from, long term, long index, Bytes context)
      implements Message {}

  /** MsgTimeoutNow: campaign at once, the sender hands its leadership over. */
  record TimeoutNow(long to, long from, long term) implements Message {}

  /** MsgTransferLeader: {@code from} is the wanted leader. */
  record TransferLeader(long to, long from, long term) implements Message {}
}
