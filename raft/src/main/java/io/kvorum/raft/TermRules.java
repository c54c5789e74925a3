// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

/**
 * What every message meets first, whatever the role: the comparison of terms, and votes, which are
 * given or refused alike in every role.
 *
 * <pre>
 *   term of the message   what it is                      what follows
 *   none                  forwarded work                  the role takes it
 *   later                 vote request, leader alive      nothing, not even an answer
 *   later                 pre-vote, or a grant of one     looked at in the present term
 *   later                 from a leader                   follower of it in that term
 *   later                 anything else                   follower in that term, no leader known
 *   the same              vote request                    granted or refused
 *   the same              anything else                   the role takes it
 *   earlier               from a leader                   an answer that tells it the later term
 *   earlier               pre-vote                        refused, which tells the later term too
 *   earlier               anything else                   nothing
 * </pre>
 */
final class TermRules {

  private final RaftCore core;

  TermRules(RaftCore core) {
    this.core = core;
  }

  void receive(Message message) {
    if (message.to() != core.id() || isAnswerOfStranger(message)) {
      return;
    }
    if (message instanceof Message.Proposal || message instanceof Message.ReadIndex) {
      core.roleState().receive(message);
    } else if (message.term() > core.ballot().term()) {
      receiveFromLaterTerm(message);
    } else if (message.term() < core.ballot().term()) {
      receiveFromEarlierTerm(message);
    } else if (message instanceof Message.VoteRequest request) {
      vote(request);
    } else {
      core.roleState().receive(message);
    }
  }

  /** An answer from one who was removed must not even raise the term. */
  private boolean isAnswerOfStranger(Message message) {
    boolean answer =
        switch (message) {
          case Message.AppendAccepted a -> true;
          case Message.AppendRejected a -> true;
          case Message.HeartbeatResponse a -> true;
          case Message.VoteResponse a -> true;
          case Message.Append m -> false;
          case Message.Heartbeat m -> false;
          case Message.InstallSnapshot m -> false;
          case Message.VoteRequest m -> false;
          case Message.Proposal m -> false;
          case Message.ReadIndex m -> false;
          case Message.ReadIndexResponse m -> false;
          case Message.TimeoutNow m -> false;
          case Message.TransferLeader m -> false;
        };
    return answer && !core.membership().contains(message.from());
  }

  private void receiveFromLaterTerm(Message message) {
    switch (message) {
      case Message.VoteRequest request -> {
        boolean leaderAlive =
            core.config().checkQuorum() && core.leader() != 0 && core.isWithinLease();
        if (leaderAlive && !request.transfer()) {
          return;
        }
        if (!request.preVote()) {
          core.enter(request.term(), 0);
        }
        vote(request);
      }
      case Message.VoteResponse response -> {
        if (response.rejected() || !response.preVote()) {
          core.enter(response.term(), 0);
        }
        core.roleState().receive(response);
      }
      case Message.Append append -> core.enter(append.term(), append.from()).receive(append);
      case Message.Heartbeat beat -> core.enter(beat.term(), beat.from()).receive(beat);
      case Message.InstallSnapshot install ->
          core.enter(install.term(), install.from()).receive(install);
      case Message.AppendAccepted m -> core.enter(m.term(), 0).receive(m);
      case Message.AppendRejected m -> core.enter(m.term(), 0).receive(m);
      case Message.HeartbeatResponse m -> core.enter(m.term(), 0).receive(m);
      case Message.Proposal m -> core.enter(m.term(), 0).receive(m);
      case Message.ReadIndex m -> core.enter(m.term(), 0).receive(m);
      case Message.ReadIndexResponse m -> core.enter(m.term(), 0).receive(m);
      case Message.TimeoutNow m -> core.enter(m.term(), 0).receive(m);
      case Message.TransferLeader m -> core.enter(m.term(), 0).receive(m);
    }
  }

  /**
   * A leader that was cut off, or a node that raised its term alone, learns of the later term; or
   * else it could never come back where pre-votes and leases keep its requests unanswered.
   */
  private void receiveFromEarlierTerm(Message message) {
    boolean fromLeader = message instanceof Message.Append || message instanceof Message.Heartbeat;
    if (fromLeader && (core.config().checkQuorum() || core.config().preVote())) {
      core.sendDurably(
          new Message.AppendAccepted(message.from(), core.id(), core.ballot().term(), 0));
    } else if (message instanceof Message.VoteRequest request && request.preVote()) {
      core.send(
          new Message.VoteResponse(request.from(), core.id(), core.ballot().term(), true, true));
    }
  }

  private void vote(Message.VoteRequest request) {
    boolean free =
        core.ballot().vote() == request.from()
            || (core.ballot().vote() == 0 && core.leader() == 0)
            || (request.preVote() && request.term() > core.ballot().term());
    if (!free || request.last().compareTo(core.log().last()) < 0) {
      core.send(
          new Message.VoteResponse(
              request.from(), core.id(), core.ballot().term(), request.preVote(), true));
      return;
    }
    Message.VoteResponse grant =
        new Message.VoteResponse(
            request.from(), core.id(), request.term(), request.preVote(), false);
    if (request.preVote()) {
      core.send(grant);
    } else {
      core.restartElectionTimer();
      core.ballot().cast(request.from());
      core.sendDurably(grant);
    }
  }
}
