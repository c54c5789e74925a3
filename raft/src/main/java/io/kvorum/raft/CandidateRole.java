// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import io.kvorum.base.Bytes;
import java.util.List;

/**
 * One campaign, or the question before it whether a campaign would succeed.
 *
 * <p>A pre-candidate asks for the term after its own without entering it, so that a node that can
 * not win disturbs nobody. The own vote of a real candidate counts only when it is durable: what a
 * winner does next rests on it.
 */
final class CandidateRole implements RoleState {

  private final RaftCore core;
  private final boolean preVote;
  private final VoteTally tally;

  CandidateRole(RaftCore core, boolean preVote) {
    this.core = core;
    this.preVote = preVote;
    tally = new VoteTally(core.membership().quorum());
  }

  /** Asks all voters, in ascending order of their ids. */
  void start(boolean transfer) {
    long term = core.term() + (preVote ? 1 : 0);
    for (long voter : core.membership().quorum().voters()) {
      if (voter != core.id()) {
        Message.VoteRequest request =
            new Message.VoteRequest(voter, core.id(), term, preVote, core.log().last(), transfer);
        if (preVote) {
          core.send(request);
        } else {
          core.sendDurably(request);
        }
      }
    }
    countOwnVote();
  }

  @Override
  public Effects.Role role() {
    return preVote ? Effects.Role.PRE_CANDIDATE : Effects.Role.CANDIDATE;
  }

  @Override
  public long leader() {
    return 0;
  }

  @Override
  public void tick() {
    core.tickElectionTimer();
  }

  @Override
  public void persisted() {
    countOwnVote();
  }

  @Override
  public void receive(Message message) {
    switch (message) {
      case Message.Append append -> core.follow(append.from()).receive(append);
      case Message.Heartbeat beat -> core.follow(beat.from()).receive(beat);
      case Message.InstallSnapshot install -> core.follow(install.from()).receive(install);
      case Message.VoteResponse response -> voteArrived(response);
      case Message.AppendAccepted a -> {}
      case Message.AppendRejected a -> {}
      case Message.HeartbeatResponse a -> {}
      case Message.ReadIndexResponse a -> {}
      case Message.VoteRequest a -> {}
      case Message.Proposal a -> {}
      case Message.ReadIndex a -> {}
      case Message.TimeoutNow a -> {}
      case Message.TransferLeader a -> {}
    }
  }

  @Override
  public void propose(List<Entry> entries) {
    core.refuse(entries, Effects.Refused.Reason.NO_LEADER);
  }

  @Override
  public void requestRead(Bytes context) {}

  private void voteArrived(Message.VoteResponse response) {
    // A grant names the term it was asked for: one that is left over from an earlier question
    // does not count for this one.
    boolean grantFits = response.term() == core.term() + (preVote ? 1 : 0);
    if (response.preVote() == preVote && (response.rejected() || grantFits)) {
      count(response.from(), !response.rejected());
    }
  }

  private void countOwnVote() {
    if (preVote || core.isOwnVoteDurable()) {
      count(core.id(), true);
    }
  }

  private void count(long voter, boolean granted) {
    tally.record(voter, granted);
    switch (tally.outcome()) {
      case WON -> {
        if (preVote) {
          core.campaignForReal(false);
        } else {
          core.lead();
        }
      }
      case LOST -> core.follow(0);
      case OPEN -> {}
    }
  }
}
