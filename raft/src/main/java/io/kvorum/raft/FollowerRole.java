// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import io.kvorum.base.Bytes;
import java.util.List;

/** Keeps its log equal to the leader's; learners are followers that never campaign. */
final class FollowerRole implements RoleState {

  private final RaftCore core;
  private long leader;

  FollowerRole(RaftCore core, long leader) {
    this.core = core;
    this.leader = leader;
  }

  @Override
  public Effects.Role role() {
    return Effects.Role.FOLLOWER;
  }

  @Override
  public long leader() {
    return leader;
  }

  @Override
  public void tick() {
    core.tickElectionTimer();
  }

  @Override
  public void receive(Message message) {
    switch (message) {
      case Message.Append append -> {
        heard(append.from());
        if (!core.isInstalling()) {
          append(append);
        }
      }
      case Message.Heartbeat beat -> {
        heard(beat.from());
        heartbeat(beat);
      }
      case Message.InstallSnapshot install -> {
        heard(install.from());
        core.receiveSnapshot(install);
      }
      case Message.TimeoutNow now -> {
        if (core.mayCampaign()) {
          core.campaignForReal(true);
        }
      }
      case Message.ReadIndexResponse answer ->
          core.outbox().readState(answer.context(), answer.index());
      case Message.AppendAccepted a -> {}
      case Message.AppendRejected a -> {}
      case Message.HeartbeatResponse a -> {}
      case Message.VoteRequest a -> {}
      case Message.VoteResponse a -> {}
      // Forwarded once already; their senders ask again when they want to.
      case Message.Proposal a -> {}
      case Message.ReadIndex a -> {}
      case Message.TransferLeader a -> {}
    }
  }

  @Override
  public void propose(List<Entry> entries) {
    if (leader == 0) {
      core.refuse(entries, Effects.Refused.Reason.NO_LEADER);
    } else {
      core.outbox().immediate(new Message.Proposal(leader, core.id(), entries));
    }
  }

  @Override
  public void requestRead(Bytes context) {
    if (leader != 0) {
      core.outbox().immediate(new Message.ReadIndex(leader, core.id(), context));
    }
  }

  private void heard(long from) {
    core.restartElectionTimer();
    leader = from;
  }

  private void append(Message.Append append) {
    RaftLog log = core.log();
    LogPosition previous = append.previous();
    if (previous.index() < log.commit()) {
      // An old append that was overtaken; what it says is known and must not touch the log.
      accept(append.from(), log.commit());
    } else if (log.holds(previous)) {
      long matched = log.append(previous, append.entries());
      log.commitTo(Math.min(append.commit(), matched));
      accept(append.from(), matched);
    } else {
      LogPosition hint = log.lastAgreeable(previous.index(), previous.term());
      core.sendDurably(
          new Message.AppendRejected(
              append.from(), core.id(), core.term(), previous.index(), hint));
    }
  }

  private void heartbeat(Message.Heartbeat beat) {
    if (!core.isInstalling()) {
      core.log().commitTo(beat.commit());
    }
    core.send(new Message.HeartbeatResponse(beat.from(), core.id(), core.term(), beat.context()));
  }

  private void accept(long to, long index) {
    core.outbox().accepted(new Message.AppendAccepted(to, core.id(), core.term(), index));
  }
}
