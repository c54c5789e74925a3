// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.story;

import io.kvorum.raft.ConfState;
import io.kvorum.raft.Configuration;
import io.kvorum.raft.Effects;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.HardState;
import io.kvorum.raft.Input;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.Message;
import io.kvorum.raft.RaftConfig;
import io.kvorum.raft.RaftCore;
import io.kvorum.raft.RaftWire;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.raft.StartState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** One node of a story: the core, a disk that may be slow, and a state machine that may be lazy. */
final class Actor {

  final long id;
  private final RaftConfig config;
  private final Consumer<String> told;
  private final Consumer<Message> network;
  private final ArrayDeque<Effects> onDisk = new ArrayDeque<>();
  private final ArrayDeque<Entry> toApply = new ArrayDeque<>();

  boolean slowDisk;
  boolean lazyApply;
  boolean crashed;
  RaftCore core;

  private HardState hardState = HardState.EMPTY;
  private LogPosition logStart = LogPosition.ZERO;
  private final List<Entry> log = new ArrayList<>();
  private LogPosition applied = LogPosition.ZERO;
  private ConfState conf;

  Actor(RaftConfig config, ConfState conf, Consumer<String> told, Consumer<Message> network) {
    this.id = config.id();
    this.config = config;
    this.conf = conf;
    this.told = told;
    this.network = network;
    core = boot();
  }

  private RaftCore boot() {
    StartState start =
        new StartState(hardState, conf, logStart, logStart, List.copyOf(log), applied);
    // Node n always draws a timeout of E + n ticks, so a story knows who wakes up first.
    RandomGenerator fixed =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            return id;
          }

          @Override
          public int nextInt(int bound) {
            return (int) (id % bound);
          }
        };
    return new RaftCore(config, start, fixed);
  }

  void step(Input input) {
    if (!crashed) {
      core.step(input);
    }
  }

  /** Loses what the disk had not finished. */
  void crash() {
    crashed = true;
    onDisk.clear();
    toApply.clear();
  }

  void restart() {
    crashed = false;
    core = boot();
    drain();
  }

  void drain() {
    while (!crashed && core.hasEffects()) {
      execute(core.drain());
    }
  }

  private void execute(Effects effects) {
    effects.leadership().ifPresent(this::tellLeadership);
    effects.immediate().forEach(this::send);
    effects.refused().forEach(r -> tell("refuses " + Words.of(r.entry()) + ": " + r.reason()));
    effects.readStates().forEach(r -> tell("may read " + r.context().utf8() + " at " + r.index()));
    effects.snapshotsWanted().forEach(peer -> tell("wants a snapshot for " + peer));
    effects.logReads().forEach(this::readLog);
    onDisk.add(effects);
    if (!slowDisk) {
      persist();
    }
    effects.committed().forEach(toApply::add);
    if (!lazyApply) {
      apply();
    }
  }

  private void tellLeadership(Effects.Leadership now) {
    tell(
        switch (now.role()) {
          case FOLLOWER ->
              now.leader() == 0
                  ? "is a follower without a leader in term " + now.term()
                  : "follows " + now.leader() + " in term " + now.term();
          case PRE_CANDIDATE, CANDIDATE, LEADER ->
              "is " + Words.of(now.role()) + " in term " + now.term();
        });
  }

  private void readLog(Effects.LogRead read) {
    tell("reads its log from " + read.from() + " for " + read.peer());
    if (read.from() <= logStart.index()) {
      step(new Input.EntriesGone(read.peer()));
      return;
    }
    List<Entry> found = new ArrayList<>();
    int bytes = 0;
    for (long i = read.from(); i <= read.to(); i++) {
      bytes += RaftWire.size(entry(i));
      if (!found.isEmpty() && bytes > read.bytesMax()) {
        break;
      }
      found.add(entry(i));
    }
    LogPosition previous =
        read.from() - 1 == logStart.index() ? logStart : entry(read.from() - 1).position();
    step(new Input.EntriesRead(read.peer(), previous, found));
  }

  private Entry entry(long index) {
    return log.get((int) (index - logStart.index() - 1));
  }

  void persist() {
    while (!onDisk.isEmpty()) {
      Effects effects = onDisk.poll();
      effects.snapshot().ifPresent(this::install);
      write(effects);
      if (effects.mustSync()) {
        step(new Input.Persisted(effects.batch()));
      }
      effects.afterPersist().forEach(this::send);
    }
  }

  private void install(SnapshotMetadata snapshot) {
    logStart = snapshot.position();
    log.clear();
    toApply.clear();
    applied = snapshot.position();
    conf = snapshot.confState();
    tell("installs snapshot " + Words.of(logStart));
    step(new Input.SnapshotInstalled(logStart));
  }

  private void write(Effects effects) {
    if (effects.mustSync()) {
      String state =
          effects
              .hardState()
              .filter(now -> now.needsSyncAfter(hardState))
              .map(now -> " term " + now.term() + " vote " + now.vote())
              .orElse("");
      tell(
          "writes"
              + state
              + (effects.entries().isEmpty() ? "" : " " + Words.of(effects.entries())));
    }
    effects.hardState().ifPresent(now -> hardState = now);
    for (Entry entry : effects.entries()) {
      while (logStart.index() + log.size() >= entry.index()) {
        log.removeLast();
      }
      log.add(entry);
    }
  }

  void apply() {
    while (!toApply.isEmpty()) {
      Entry entry = toApply.poll();
      tell("applies " + Words.of(entry));
      applied = entry.position();
      if (entry.type() == EntryType.CONF_CHANGE) {
        conf = Configuration.apply(conf, RaftWire.decodeConfChange(entry.data()));
        step(new Input.ConfigurationApplied(entry.index(), conf));
      } else if (entry.type() == EntryType.CONF_CHANGE_V2) {
        conf = Configuration.apply(conf, RaftWire.decodeConfChangeV2(entry.data()));
        step(new Input.ConfigurationApplied(entry.index(), conf));
      }
      step(new Input.Applied(entry.index()));
    }
  }

  /** The disk forgets entries up to {@code index}, as after a snapshot of its own. */
  void release(long index) {
    LogPosition position = entry(index).position();
    log.subList(0, (int) (index - logStart.index())).clear();
    logStart = position;
    step(new Input.LogReleased(position));
  }

  SnapshotMetadata snapshot() {
    return new SnapshotMetadata(applied, conf);
  }

  String describe() {
    if (crashed) {
      return id + " is down";
    }
    return id
        + " "
        + Words.of(core.role())
        + " term "
        + core.term()
        + " leader "
        + core.leader()
        + " commit "
        + core.commit()
        + " applied "
        + applied.index()
        + " last "
        + core.lastIndex();
  }

  private void send(Message message) {
    network.accept(message);
  }

  private void tell(String what) {
    told.accept(id + " " + what);
  }
}
