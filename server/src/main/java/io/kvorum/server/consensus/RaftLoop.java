// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.raft.Effects;
import io.kvorum.raft.Entry;
import io.kvorum.raft.Input;
import io.kvorum.raft.Message;
import io.kvorum.raft.RaftCore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

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
 * that one the core refused was placed nowhere and may be offered again.
 */
final class RaftLoop {

  private final RaftCore core;
  private final ReadRounds reads;
  private final Waiters waiters;
  private final FactsBoard facts;
  private final Outlets outlets;
  private final Timekeeper time;
  private final ApplyBacklog backlog;
  private final ArrayDeque<RaftEvent.Submit> held = new ArrayDeque<>();

  RaftLoop(
      RaftCore core,
      ReadRounds reads,
      Waiters waiters,
      FactsBoard facts,
      Outlets outlets,
      Timekeeper time,
      ApplyBacklog backlog) {
    this.core = core;
    this.reads = reads;
    this.waiters = waiters;
    this.facts = facts;
    this.outlets = outlets;
    this.time = time;
    this.backlog = backlog;
  }

  void handle(List<RaftEvent> events) {
    for (RaftEvent event : events) {
      switch (event) {
        case RaftEvent.Step(Input input) -> step(input);
        case RaftEvent.Submit submit -> held.add(submit);
        case RaftEvent.ReadsWaiting() -> reads.begin(this::step);
        case RaftEvent.Ticked() -> tick();
      }
    }
    Map<Entry, RaftEvent.Submit> proposed = proposeHeld();
    while (core.hasEffects()) {
      carryOut(core.drain(), proposed);
    }
  }

  private void step(Input input) {
    core.step(input);
    if (input instanceof Input.Applied(long index)) {
      backlog.applied(index);
      reads.applied();
    }
  }

  private void tick() {
    outlets.tickTaken();
    core.step(new Input.Tick());
    time.ticked();
    long now = time.now();
    waiters.expire(time.requestDeadline(), time::kindOfTimeout);
    // While there is no leader nothing else takes them out, and each has its bytes in hand.
    held.removeIf(submit -> !waiters.isWaiting(submit.requestId()));
    reads.tick(now, time.requestDeadline(), this::step);
  }

  /** Offers all held proposals at once; returns them by entry in case some are refused. */
  private Map<Entry, RaftEvent.Submit> proposeHeld() {
    if (held.isEmpty() || core.leader() == 0 || backlog.isFull()) {
      return Map.of();
    }
    Map<Entry, RaftEvent.Submit> proposed = new IdentityHashMap<>(held.size());
    List<Entry> entries = new ArrayList<>(held.size());
    for (RaftEvent.Submit submit : held) {
      if (waiters.isWaiting(submit.requestId())) {
        entries.add(submit.entry());
        proposed.put(submit.entry(), submit);
      }
    }
    held.clear();
    if (!entries.isEmpty()) {
      core.step(new Input.Propose(entries));
    }
    return proposed;
  }

  private void carryOut(Effects effects, Map<Entry, RaftEvent.Submit> proposed) {
    for (Effects.Refused refused : effects.refused()) {
      RaftEvent.Submit submit = proposed.get(refused.entry());
      if (submit != null) {
        held.add(submit);
      }
    }
    outlets.sendNow(effects.immediate());
    if (concernsLog(effects)) {
      outlets.write(effects);
    }
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

  private static boolean concernsLog(Effects effects) {
    return effects.hardState().isPresent()
        || !effects.entries().isEmpty()
        || effects.snapshot().isPresent()
        || !effects.afterPersist().isEmpty();
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
