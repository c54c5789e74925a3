// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import io.kvorum.base.Bytes;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leads for one term: places proposals, counts who holds them, answers reads, and gives up when it
 * has lost touch with a quorum.
 *
 * <p>Only entries of the own term are committed by counting (Raft, section 5.4.2); the empty entry
 * that opens the term commits whatever lies before it.
 */
final class LeaderRole implements RoleState {

  /** Beyond so many, forwarded changes are lost, as on any network. */
  private static final int CHANGES_IN_LINE_MAX = 64;

  private final RaftCore core;
  private final RaftLog log;
  private final long term;
  private final Replication replication;
  private final ReadQueue reads = new ReadQueue();

  /** The empty entry that opened the term. */
  private final long firstIndex;

  /** No configuration entry behind the applied ones is later than this. */
  private long lastChange;

  /** Where this leader's own removal stands in the log, 0 when it does not. */
  private long ownRemoval;

  /** The last change in the log that was not applied when this leader saw it, 0 for none. */
  private long changeUnderWay;

  /**
   * Changes that others forwarded while an earlier one was not applied here. Whoever proposed the
   * earlier one may have been told its outcome by a member that was faster, and a refusal would
   * leave the next one without an answer.
   */
  private final ArrayDeque<Entry> changesInLine = new ArrayDeque<>();

  private int heartbeatElapsed;
  private long transferee;
  private boolean flushDue = true;

  LeaderRole(RaftCore core) {
    this.core = core;
    log = core.log();
    term = core.term();
    replication =
        new Replication(
            core.config(), term, log, core.membership(), core.outbox(), this::isChangeUnderWay);
    lastChange = log.lastIndex();
    firstIndex = log.lastIndex() + 1;
    inheritChanges();
    log.append(new Entry(EntryType.NORMAL, term, firstIndex, Bytes.EMPTY));
  }

  @Override
  public Effects.Role role() {
    return Effects.Role.LEADER;
  }

  @Override
  public long leader() {
    return core.id();
  }

  long transferee() {
    return transferee;
  }

  List<Status.Peer> peers() {
    return replication.status();
  }

  @Override
  public void tick() {
    core.advanceElectionTimer(1);
    if (!core.isWithinLease()) {
      core.restartElectionTimer();
      transferee = 0;
      if (core.config().checkQuorum() && !replication.takeQuorumActive()) {
        core.follow(0);
        return;
      }
    }
    heartbeatElapsed++;
    if (heartbeatElapsed >= core.config().heartbeatTicks()) {
      heartbeatElapsed = 0;
      replication.watchForLostAppends();
      replication.heartbeat(reads.context());
    }
  }

  @Override
  public void receive(Message message) {
    switch (message) {
      case Message.AppendAccepted answer -> accepted(answer);
      case Message.AppendRejected answer -> {
        Progress peer = heard(answer.from());
        if (peer != null) {
          replication.rejected(peer, answer);
        }
      }
      case Message.HeartbeatResponse answer -> heartbeatAnswered(answer);
      case Message.Proposal proposal -> place(proposal.entries(), false);
      case Message.ReadIndex request -> {
        reads.add(new ReadQueue.Request(request.from(), request.context()));
        flushDue = true;
      }
      case Message.TransferLeader wish -> transfer(wish.from());
      // Of another leader of the same term there can be none; the rest is too late or no news.
      case Message.Append a -> {}
      case Message.Heartbeat a -> {}
      case Message.InstallSnapshot a -> {}
      case Message.VoteRequest a -> {}
      case Message.VoteResponse a -> {}
      case Message.ReadIndexResponse a -> {}
      case Message.TimeoutNow a -> {}
    }
  }

  @Override
  public void propose(List<Entry> entries) {
    place(entries, true);
  }

  @Override
  public void requestRead(Bytes context) {
    reads.add(new ReadQueue.Request(core.id(), context));
    flushDue = true;
  }

  @Override
  public void persisted() {
    advanceCommit();
    flushDue |= isChangeUnderWay();
  }

  @Override
  public void applied() {
    ConfState conf = core.membership().conf();
    if (conf.isJoint() && conf.autoLeave() && !isChangePending()) {
      append(new Entry(EntryType.CONF_CHANGE_V2, 0, 0, Bytes.EMPTY));
    }
    if (!changesInLine.isEmpty()) {
      placeChangesInLine();
    }
  }

  /** A smaller quorum may make more committed; a peer may have come, or the transferee gone. */
  void configurationChanged() {
    if (log.commit() >= ownRemoval && !core.isCommittedChangeWaiting()) {
      // It was refused, or this leader is out: then it is no member any more.
      ownRemoval = 0;
    }
    replication.configurationChanged();
    if (!core.membership().quorum().isVoter(transferee)) {
      transferee = 0;
    }
    advanceCommit();
    finishReads();
    flushDue = true;
  }

  void report(Input.PeerReport report) {
    replication.report(report);
    flushDue = true;
  }

  void transfer(long target) {
    Progress peer = replication.of(target);
    if (peer == null || !core.membership().quorum().isVoter(target) || target == transferee) {
      return;
    }
    transferee = target;
    core.restartElectionTimer();
    handOver(peer);
    flushDue = true;
  }

  @Override
  public boolean isFlushDue() {
    return flushDue;
  }

  @Override
  public void flush() {
    flushDue = false;
    if (reads.canStartRound() && log.commit() >= firstIndex) {
      reads.startRound(log.commit());
      if (!finishReads()) {
        replication.heartbeat(reads.context());
      }
    }
    replication.flush();
  }

  private @Nullable Progress heard(long from) {
    Progress peer = replication.of(from);
    if (peer != null) {
      peer.recentlyActive = true;
      flushDue = true;
    }
    return peer;
  }

  private void accepted(Message.AppendAccepted answer) {
    Progress peer = heard(answer.from());
    if (peer == null) {
      return;
    }
    if (answer.index() > log.lastIndex()) {
      throw new BrokenInvariant(
          "%x accepted entry %d, but this leader's log ends at %d"
              .formatted(answer.from(), answer.index(), log.lastIndex()));
    }
    if (peer.accepted(answer.index(), log.reachableFrom())) {
      advanceCommit();
      if (peer.id == transferee) {
        handOver(peer);
      }
    }
  }

  private void heartbeatAnswered(Message.HeartbeatResponse answer) {
    Progress peer = heard(answer.from());
    if (peer != null) {
      peer.heartbeatAnswered();
      peer.confirmedRead = Math.max(peer.confirmedRead, ReadQueue.roundOf(answer.context()));
      finishReads();
    }
  }

  private void advanceCommit() {
    long agreed = replication.agreedIndex();
    if (agreed > log.commit() && log.termAt(agreed) == term) {
      log.commitTo(agreed);
      flushDue = true;
    }
  }

  private boolean finishReads() {
    if (!reads.isRoundOpen() || !replication.isConfirmed(reads.roundNumber())) {
      return false;
    }
    long index = reads.roundIndex();
    for (ReadQueue.Request request : reads.finishRound()) {
      if (request.from() == core.id()) {
        core.outbox().readState(request.context(), index);
      } else {
        core.send(
            new Message.ReadIndexResponse(
                request.from(), core.id(), term, index, request.context()));
      }
    }
    flushDue = true;
    return true;
  }

  private void handOver(Progress peer) {
    if (peer.match() == log.lastIndex()) {
      core.send(new Message.TimeoutNow(peer.id, core.id(), term));
    }
  }

  private void place(List<Entry> proposals, boolean own) {
    for (Entry proposal : proposals) {
      Effects.Refused.@Nullable Reason reason = reasonToRefuse(proposal);
      if (reason == null) {
        append(proposal);
      } else if (own) {
        core.outbox().refused(proposal, reason);
      } else if (reason == Effects.Refused.Reason.CHANGE_PENDING
          && changesInLine.size() < CHANGES_IN_LINE_MAX) {
        changesInLine.add(proposal);
      }
    }
  }

  /** In the order in which they came; what still has to wait goes back to the line. */
  private void placeChangesInLine() {
    for (int waiting = changesInLine.size(); waiting > 0; waiting--) {
      place(List.of(changesInLine.remove()), false);
    }
  }

  private Effects.Refused.@Nullable Reason reasonToRefuse(Entry proposal) {
    if (!core.membership().contains(core.id())) {
      return Effects.Refused.Reason.NOT_A_MEMBER;
    }
    if (ownRemoval != 0) {
      return Effects.Refused.Reason.LEAVING;
    }
    if (transferee != 0) {
      return Effects.Refused.Reason.TRANSFER_IN_PROGRESS;
    }
    if (proposal.type() == EntryType.NORMAL) {
      return null;
    }
    boolean leaves = proposal.type() == EntryType.CONF_CHANGE_V2 && proposal.data().isEmpty();
    return isChangePending() || core.membership().conf().isJoint() != leaves
        ? Effects.Refused.Reason.CHANGE_PENDING
        : null;
  }

  private boolean isChangePending() {
    return lastChange > log.applied() || core.isCommittedChangeWaiting();
  }

  /** What earlier leaders placed and nobody has applied yet is under way in this term too. */
  private void inheritChanges() {
    for (long next = log.applied() + 1; next < firstIndex; ) {
      for (Entry entry : log.chunk(next)) {
        noteChange(entry, entry.index());
        next = entry.index() + 1;
      }
    }
  }

  private void noteChange(Entry entry, long index) {
    if (entry.type() != EntryType.NORMAL) {
      changeUnderWay = index;
    }
    if (entry.type() == EntryType.CONF_CHANGE && removesThis(entry)) {
      ownRemoval = index;
    }
  }

  /** Whether the voters may become others by what is in the log. */
  private boolean isChangeUnderWay() {
    return changeUnderWay > log.applied() || core.isCommittedChangeWaiting();
  }

  private boolean removesThis(Entry proposal) {
    ConfChange change = RaftWire.decodeConfChange(proposal.data());
    return change.type() == ConfChange.Type.REMOVE_NODE && change.nodeId() == core.id();
  }

  private void append(Entry proposal) {
    long index = log.lastIndex() + 1;
    log.append(new Entry(proposal.type(), term, index, proposal.data()));
    if (proposal.type() != EntryType.NORMAL) {
      lastChange = index;
    }
    noteChange(proposal, index);
    flushDue = true;
  }
}
