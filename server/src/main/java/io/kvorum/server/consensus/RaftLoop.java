// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.raft.Effects;
import io.kvorum.raft.Entry;
import io.kvorum.raft.Input;
import io.kvorum.raft.Message;
import io.kvorum.raft.RaftCore;
import io.kvorum.raft.Status;
import io.kvorum.server.consensus.ProposalQueue.Proposal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The raft thread: steps the core with a batch of events, then carries out what it wants.
 *
 * <pre>
 *   inbox ─▶ step* ─▶ propose what gathered ─▶ drain ─┬▶ messages that need no disk ─▶ peers
 *                                                     ├▶ log thread (entries, hard state, the rest
 *                                                     │   of the messages)
 *                                                     ├▶ apply thread (committed entries)
 *                                                     └▶ readers, waiters, facts
 * </pre>
 *
 * <p>Proposals gather while no leader is known; a proposal leaves this queue at most once, except
 * that one the core refused was placed nowhere and may be offered again. On a leader they also
 * gather while its log is being written: they would have to wait for that sync anyway, and one
 * append with all of them costs every member one turn of each thread instead of many.
 *
 * <p>A commit index that is news alone goes to the log at once only when that is at rest; while a
 * batch is being written, the next one mostly carries it.
 */
final class RaftLoop {

  private final RaftCore core;
  private final ReadRounds reads;
  private final Waiters waiters;
  private final FactsBoard facts;
  private final Outlets outlets;
  private final Timekeeper time;
  private final ApplyBacklog backlog;
  private final ProposalQueue queue;
  private final ArrayDeque<Proposal> held = new ArrayDeque<>();

  /** The newest batch that the disk was given and the newest that it has. */
  private long writtenBatch;

  private long durableBatch;
  private @Nullable Effects commitToWrite;

  RaftLoop(
      RaftCore core,
      ProposalQueue queue,
      ReadRounds reads,
      Waiters waiters,
      FactsBoard facts,
      Outlets outlets,
      Timekeeper time,
      long applyBytesAhead) {
    this.core = core;
    this.queue = queue;
    this.reads = reads;
    this.waiters = waiters;
    this.facts = facts;
    this.outlets = outlets;
    this.time = time;
    backlog = new ApplyBacklog(applyBytesAhead);
  }

  void handle(List<RaftEvent> events) {
    for (RaftEvent event : events) {
      switch (event) {
        case RaftEvent.Step(Input input) -> step(input);
        case RaftEvent.ProposalsWaiting() -> {}
        case RaftEvent.ReadsWaiting() -> reads.begin(this::step);
        case RaftEvent.Ticked() -> tick();
        case RaftEvent.FollowersAsked(Consumer<Status> answer) -> answer.accept(core.status());
      }
    }
    Map<Entry, Proposal> proposed = proposeHeld();
    while (core.hasEffects()) {
      carryOut(core.drain(), proposed);
    }
    Effects commit = commitToWrite;
    if (commit != null && !isLogBusy()) {
      commitToWrite = null;
      outlets.write(commit);
    }
  }

  private boolean isLogBusy() {
    return durableBatch < writtenBatch;
  }

  private void step(Input input) {
    core.step(input);
    if (input instanceof Input.Applied(long index)) {
      backlog.applied(index);
      reads.applied();
    } else if (input instanceof Input.Persisted(long batch)) {
      durableBatch = batch;
    }
  }

  private void tick() {
    outlets.tickTaken();
    core.step(new Input.Tick());
    time.ticked();
    long now = time.now();
    waiters.expire(time.requestDeadline(), time::kindOfTimeout);
    // While there is no leader nothing else takes them out, and each has its bytes in hand.
    held.removeIf(proposal -> !waiters.isWaiting(proposal.requestId()));
    reads.tick(now, time.requestDeadline(), this::step);
  }

  /** Offers all held proposals at once; returns them by entry in case some are refused. */
  private Map<Entry, Proposal> proposeHeld() {
    if (core.role() == Effects.Role.LEADER && isLogBusy()) {
      return Map.of();
    }
    queue.takeInto(held);
    held.removeIf(this::isOutOfTerm);
    if (held.isEmpty() || core.leader() == 0 || backlog.isFull()) {
      return Map.of();
    }
    Map<Entry, Proposal> proposed = new IdentityHashMap<>(held.size());
    List<Entry> entries = new ArrayList<>(held.size());
    for (Proposal proposal : held) {
      if (waiters.isWaiting(proposal.requestId())) {
        entries.add(proposal.entry());
        proposed.put(proposal.entry(), proposal);
      }
    }
    held.clear();
    if (!entries.isEmpty()) {
      core.step(new Input.Propose(entries));
    }
    return proposed;
  }

  /** Whether only a leader that this member is not any more could place it: it fails then. */
  private boolean isOutOfTerm(Proposal proposal) {
    long term = proposal.onlyInTerm();
    boolean outOfTerm = term != 0 && (core.role() != Effects.Role.LEADER || core.term() != term);
    if (outOfTerm) {
      waiters.fail(proposal.requestId(), ConsensusFailure.Kind.LEADER_CHANGED);
    }
    return outOfTerm;
  }

  private void carryOut(Effects effects, Map<Entry, Proposal> proposed) {
    for (Effects.Refused refused : effects.refused()) {
      Proposal proposal = proposed.get(refused.entry());
      if (proposal != null) {
        held.add(proposal);
      }
    }
    outlets.sendNow(effects.immediate());
    write(effects);
    if (!effects.committed().isEmpty()) {
      facts.committed(effects.committed().getLast().index());
      backlog.handedOver(effects.committed());
      outlets.commit(effects.committed());
    }
    effects.leadership().ifPresent(this::leadershipChanged);
    effects.readStates().forEach(state -> reads.answered(state, this::step));
    effects.logReads().forEach(outlets::readLog);
    effects.snapshotsWanted().forEach(outlets::wantSnapshot);
  }

  private void leadershipChanged(Effects.Leadership leadership) {
    boolean sameLeader =
        facts.leader().value() == leadership.leader() && facts.term() == leadership.term();
    facts.leadership(leadership, time.now());
    if (!sameLeader) {
      time.leaderChanged(leadership);
      reads.leadershipChanged(this::step);
    }
  }

  /** How many proposals wait for a leader. */
  int held() {
    return held.size();
  }

  private void write(Effects effects) {
    boolean waitedFor =
        effects.mustSync() || effects.snapshot().isPresent() || !effects.afterPersist().isEmpty();
    if (!waitedFor) {
      if (effects.hardState().isPresent()) {
        commitToWrite = effects;
      }
      return;
    }
    Effects commit = commitToWrite;
    commitToWrite = null;
    if (commit != null && effects.hardState().isEmpty()) {
      outlets.write(commit);
    }
    if (effects.mustSync()) {
      writtenBatch = effects.batch();
    }
    outlets.write(effects);
  }

  /** Where effects go. Calls only enqueue. */
  interface Outlets {
    /** The tick is being handled; the next one may come. */
    void tickTaken();

    void sendNow(List<Message> messages);

    void write(Effects effects);

    void commit(List<Entry> entries);

    void readLog(Effects.LogRead read);

    void wantSnapshot(long peer);
  }
}
