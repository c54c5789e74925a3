// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One node's part in the agreement on a log: Raft as etcd's members speak it.
 *
 * <p><b>Idea.</b> Inputs go in one by one, effects come out when asked for; nothing in between
 * blocks, waits or looks at a clock. Between two drains any number of inputs may be stepped, and
 * what they ask for is gathered: many proposals become one append per follower, many accepted
 * appends one answer, many reads one round of heartbeats.
 *
 * <p><b>Roles.</b> Each stay in a role is one object that is thrown away at its end.
 *
 * <pre>
 *   from           on                                           to
 *   follower       timer over, may campaign                     pre-candidate (or candidate)
 *   follower       TimeoutNow, may campaign                     candidate (lease is overruled)
 *   pre-candidate  a quorum would vote for it                   candidate, term + 1
 *   pre-candidate  a quorum would not                           follower, same term
 *   candidate      a quorum voted for it, its own vote durable  leader
 *   candidate      a quorum refused                             follower, same term
 *   (pre-)cand.    timer over                                   pre-candidate (or candidate)
 *   (pre-)cand.    leader of the same term heard                follower of it
 *   leader         no quorum heard for an election timeout      follower, same term, no leader
 *   any            message of a higher term *                   follower, that term
 * </pre>
 *
 * (*) except pre-votes and their grants, which name a term that nobody has entered, and except vote
 * requests that come while a leader is known to be alive: these are not even answered.
 *
 * <p><b>What leaves before the disk, and what after.</b> The disk works while inputs go on; {@link
 * Input.Persisted} tells how far it got. A message that promises something must not leave before
 * what it promises is durable: votes given and asked for, and answers to appends, go to {@code
 * afterPersist}. A leader's messages promise nothing but its term, so they may leave at once: its
 * term is durable, because its own vote counts only when it is, and no election is won without it.
 * The leader's own copy of an entry counts like a follower's, that is, from the moment it is
 * durable here. All other messages state the term and nothing else; they leave at once when the
 * term is durable and after the disk otherwise. Entries are handed out for application when they
 * are both committed and durable here, so the state machine is never ahead of the own log.
 *
 * <p><b>Snapshots.</b> A received one is handed out and the log stays as it is until it is
 * installed. Meanwhile this node ignores appends, commits nothing, hands nothing out and does not
 * campaign; it does answer heartbeats and vote.
 *
 * <p>Not thread-safe; owned by one thread. All failures are {@link BrokenInvariant}, after which
 * the core must not be used any more. Sources: the Raft paper and dissertation, and the recorded
 * behaviour of etcd 3.4 to 3.7 on the wire.
 */
public final class RaftCore {

  private final RaftConfig config;
  private final Ballot ballot;
  private final RaftLog log;
  private final Membership membership;
  private final ElectionTimer timer;
  private final Outbox outbox = new Outbox();
  private final TermRules rules = new TermRules(this);
  private RoleState role;
  private Effects.Leadership toldLeadership;
  private @Nullable SnapshotMetadata installing;

  /**
   * A node as it wakes up: a follower that knows no leader. Committed entries that {@code start}
   * shows as not applied are due at the first drain.
   *
   * @param random where election timeouts come from
   * @throws BrokenInvariant when {@code start} shows that the log lost its end
   */
  public RaftCore(RaftConfig config, StartState start, RandomGenerator random) {
    this.config = config;
    ballot = new Ballot(start.hardState());
    log = new RaftLog(start, config.messageBytesMax(), config.tailBytesMax());
    membership = new Membership(config.id(), start.confState(), start.applied().index());
    timer = new ElectionTimer(config.electionTicks(), random);
    role = new FollowerRole(this, 0);
    toldLeadership = leadership();
  }

  /** Takes one input; what it leads to is in the next {@link #drain()}. */
  public void step(Input input) {
    switch (input) {
      case Input.Tick tick -> role.tick();
      case Input.AdvanceElectionTimer advance -> {
        if (role.role() != Effects.Role.LEADER) {
          timer.advance(advance.ticks());
        }
      }
      case Input.Received received -> rules.receive(received.message());
      case Input.Propose propose -> role.propose(propose.entries());
      case Input.RequestRead read -> role.requestRead(read.context());
      case Input.Persisted persisted -> {
        log.persisted(persisted.batch());
        role.persisted();
      }
      case Input.SnapshotInstalled installed -> snapshotInstalled(installed.position());
      case Input.Applied applied -> {
        log.applied(applied.index());
        role.applied();
      }
      case Input.ConfigurationApplied applied -> configurationApplied(applied);
      case Input.PeerReport report -> {
        if (role instanceof LeaderRole leader) {
          leader.report(report);
        }
      }
      case Input.TransferLeadership transfer -> {
        if (role instanceof LeaderRole leader) {
          leader.transfer(transfer.target());
        }
      }
      case Input.Campaign campaign -> {
        if (mayCampaign()) {
          campaign();
        }
      }
      case Input.LogReleased released -> log.released(released.position());
    }
  }

  /** Whether {@link #drain()} may have something to say; cheap. */
  public boolean hasEffects() {
    return outbox.isUsed()
        || role.isFlushDue()
        || log.hasNewEntries()
        || (installing == null && log.hasCommitted())
        || ballot.hasChanged(log.commit())
        || hasNewLeadership();
  }

  /** Everything since the last drain; call it until {@link #hasEffects()} says no. */
  public Effects drain() {
    role.flush();
    List<Entry> entries = log.takeNewEntries();
    // What the old log still got comes first, in a set of its own.
    boolean withSnapshot = entries.isEmpty();
    boolean mustSync = !entries.isEmpty() || ballot.needsSync();
    Optional<HardState> hardState =
        ballot.hasChanged(log.commit()) ? Optional.of(ballot.take(log.commit())) : Optional.empty();
    long batch =
        mustSync
            ? log.marks().handOver(log.lastIndex(), ballot.term(), ballot.vote())
            : log.marks().batch();
    Optional<Effects.Leadership> leadership = Optional.empty();
    if (hasNewLeadership()) {
      toldLeadership = leadership();
      leadership = Optional.of(toldLeadership);
    }
    List<Entry> committed = installing == null ? log.takeCommitted() : List.of();
    return outbox.take(batch, hardState, entries, withSnapshot, mustSync, committed, leadership);
  }

  public long id() {
    return config.id();
  }

  /** Who leads, as far as this node knows; 0 for nobody. */
  public long leader() {
    return role.leader();
  }

  public Effects.Role role() {
    return role.role();
  }

  public long term() {
    return ballot.term();
  }

  public long commit() {
    return log.commit();
  }

  public long lastIndex() {
    return log.lastIndex();
  }

  /** A look into the core; makes copies, so not for hot paths. */
  public Status status() {
    LeaderRole leading = role instanceof LeaderRole leader ? leader : null;
    return new Status(
        config.id(),
        role.role(),
        role.leader(),
        ballot.term(),
        ballot.vote(),
        log.commit(),
        log.applied(),
        log.durableIndex(),
        log.evictedIndex() + 1,
        log.lastIndex(),
        membership.conf(),
        leading == null ? 0 : leading.transferee(),
        leading == null ? List.of() : leading.peers());
  }

  // --- transitions ---

  FollowerRole enter(long term, long leader) {
    ballot.enter(term);
    return follow(leader);
  }

  /** Steps down, or back, within the present term. */
  FollowerRole follow(long leader) {
    timer.restartWithNewTimeout();
    FollowerRole follower = new FollowerRole(this, leader);
    role = follower;
    return follower;
  }

  private void campaign() {
    if (!config.preVote()) {
      campaignForReal(false);
      return;
    }
    CandidateRole candidate = new CandidateRole(this, true);
    role = candidate;
    candidate.start(false);
  }

  /** The next term begins with a vote for oneself. */
  void campaignForReal(boolean transfer) {
    ballot.enter(ballot.term() + 1);
    ballot.cast(config.id());
    timer.restartWithNewTimeout();
    CandidateRole candidate = new CandidateRole(this, false);
    role = candidate;
    candidate.start(transfer);
  }

  void lead() {
    timer.restartWithNewTimeout();
    role = new LeaderRole(this);
  }

  /**
   * Only a voter may, and only one that knows the latest committed configuration: two nodes that
   * count different majorities could both win.
   */
  boolean mayCampaign() {
    return role.role() != Effects.Role.LEADER
        && membership.isSelfVoter()
        && installing == null
        && !isCommittedChangeWaiting();
  }

  boolean isCommittedChangeWaiting() {
    return log.committedChange() > membership.appliedChange();
  }

  // --- the election timer, as the roles use it ---

  void tickElectionTimer() {
    timer.tick();
    if (timer.isOver() && membership.isSelfVoter() && installing == null) {
      timer.restart();
      if (mayCampaign()) {
        campaign();
      }
    }
  }

  void advanceElectionTimer(int ticks) {
    timer.advance(ticks);
  }

  void restartElectionTimer() {
    timer.restart();
  }

  /** A leader was heard less than an election timeout ago; as a leader, no quorum check is due. */
  boolean isWithinLease() {
    return timer.isWithinLease();
  }

  // --- snapshots and configuration ---

  boolean isInstalling() {
    return installing != null;
  }

  void receiveSnapshot(Message.InstallSnapshot install) {
    SnapshotMetadata snapshot = install.snapshot();
    LogPosition position = snapshot.position();
    if (installing != null) {
      return;
    }
    boolean useful = position.index() > log.commit() && snapshot.confState().contains(id());
    if (useful && !log.holds(position)) {
      installing = snapshot;
      outbox.snapshot(snapshot);
      return;
    }
    if (useful) {
      log.commitTo(position.index());
    }
    outbox.accepted(
        new Message.AppendAccepted(install.from(), config.id(), ballot.term(), log.commit()));
  }

  private void snapshotInstalled(LogPosition position) {
    SnapshotMetadata snapshot = installing;
    if (snapshot == null || !snapshot.position().equals(position)) {
      throw new BrokenInvariant(
          "snapshot " + position + " reported installed, handed out was " + snapshot);
    }
    installing = null;
    log.restart(position);
    membership.applied(position.index(), snapshot.confState());
    if (leader() != 0) {
      outbox.accepted(
          new Message.AppendAccepted(leader(), config.id(), ballot.term(), position.index()));
    }
  }

  private void configurationApplied(Input.ConfigurationApplied applied) {
    if (applied.index() <= membership.appliedChange()) {
      return; // Overtaken by a snapshot.
    }
    membership.applied(applied.index(), applied.confState());
    if (role instanceof LeaderRole leader) {
      leader.configurationChanged();
    }
    role.applied();
  }

  // --- what the roles and the term rules work with ---

  RoleState roleState() {
    return role;
  }

  Ballot ballot() {
    return ballot;
  }

  RaftConfig config() {
    return config;
  }

  RaftLog log() {
    return log;
  }

  Membership membership() {
    return membership;
  }

  Outbox outbox() {
    return outbox;
  }

  boolean isOwnVoteDurable() {
    return log.marks().isDurable(ballot.term(), config.id());
  }

  /** For messages that state no more than the own term. */
  void send(Message message) {
    if (log.marks().isDurable(ballot.term())) {
      outbox.immediate(message);
    } else {
      outbox.afterPersist(message);
    }
  }

  /** For messages that promise what the disk may not hold yet. */
  void sendDurably(Message message) {
    outbox.afterPersist(message);
  }

  void refuse(List<Entry> proposals, Effects.Refused.Reason reason) {
    for (Entry proposal : proposals) {
      outbox.refused(proposal, reason);
    }
  }

  private boolean hasNewLeadership() {
    return toldLeadership.role() != role.role()
        || toldLeadership.leader() != role.leader()
        || toldLeadership.term() != ballot.term();
  }

  private Effects.Leadership leadership() {
    return new Effects.Leadership(role.role(), role.leader(), ballot.term());
  }
}
