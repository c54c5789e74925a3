// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import io.kvorum.base.Bytes;
import io.kvorum.raft.ConfChange;
import io.kvorum.raft.Effects;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.Input;
import io.kvorum.raft.RaftWire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The thread that owns a member's state machine: it applies in rounds and answers who waits. */
final class SimApplier {

  private sealed interface Work {
    record Apply(Entry entry) implements Work {}

    record Install(StoreState state) implements Work {}
  }

  private record Read(Bytes context, long index) {}

  private final SimNode node;
  private final World world;
  private final ArrayDeque<Work> queue = new ArrayDeque<>();
  private final Set<Long> awaited = new HashSet<>();
  private final Map<Bytes, Long> askedAt = new HashMap<>();
  private final List<Read> waiting = new ArrayList<>();
  private final Set<Bytes> served = new HashSet<>();
  private StoreState state;
  private boolean busy;

  SimApplier(SimNode node, StoreState state) {
    this.node = node;
    this.world = node.world;
    this.state = state;
  }

  StoreState state() {
    return state;
  }

  void await(long write) {
    awaited.add(write);
  }

  void refused(Entry entry) {
    long id = Clients.idOf(entry);
    world.counts.add(Count.WRITES_REFUSED);
    world.checker.writeRefused(id);
    awaited.remove(id);
  }

  void awaitRead(Bytes context, long committedBefore) {
    askedAt.put(context, committedBefore);
  }

  boolean hasServed(Bytes read) {
    return served.contains(read);
  }

  void add(List<Entry> entries) {
    entries.forEach(entry -> queue.add(new Work.Apply(entry)));
    begin();
  }

  /** Replaces the whole state once the log says durably that it begins there. */
  void add(StoreState snapshot) {
    queue.add(new Work.Install(snapshot));
    begin();
  }

  void readAt(Effects.ReadState read) {
    Long committedBefore = askedAt.remove(read.context());
    if (committedBefore != null) { // else a duplicated answer
      world.checker.readIndex(node, committedBefore, read.index());
      waiting.add(new Read(read.context(), read.index()));
      serveReads();
    }
  }

  void begin() {
    boolean blocked =
        queue.peek() instanceof Work.Install install
            && node.disk.flushed.applied().index() < install.state().applied().index();
    if (!busy && !queue.isEmpty() && !blocked) {
      busy = true;
      long micros = (long) (world.random.nextExponential() * world.profile.applyMicros());
      node.later(micros, this::round);
    }
  }

  private void round() {
    busy = false;
    if (queue.peek() instanceof Work.Install install) {
      queue.remove();
      install(install.state());
    } else {
      applySome(1 + world.random.nextInt(50));
    }
    serveReads();
    begin();
  }

  private void install(StoreState snapshot) {
    if (snapshot.applied().index() <= state.applied().index()) {
      throw new Violation(node + " goes back from " + state + " to snapshot " + snapshot);
    }
    world.counts.add(Count.SNAPSHOTS_INSTALLED);
    state = snapshot;
    world.checker.applied(node, state);
    node.step(new Input.SnapshotInstalled(snapshot.applied()));
    stopWhenRemoved();
  }

  private void applySome(int most) {
    for (int i = 0; i < most && queue.peek() instanceof Work.Apply work; i++) {
      queue.remove();
      apply(work.entry());
    }
    node.step(new Input.Applied(state.applied().index()));
  }

  private void apply(Entry entry) {
    if (entry.index() != state.applied().index() + 1) {
      throw new Violation(node + " applies " + entry + " after " + state.applied());
    }
    StoreState before = state;
    state = before.apply(entry);
    boolean first = entry.index() > world.checker.newest().applied().index();
    world.checker.applied(node, state);
    if (entry.type() == EntryType.CONF_CHANGE) {
      node.step(new Input.ConfigurationApplied(entry.index(), state.confState()));
      if (first) {
        changed(RaftWire.decodeConfChange(entry.data()), before);
      }
      stopWhenRemoved();
    }
    long id = Clients.idOf(entry);
    if (id != 0 && awaited.remove(id)) {
      world.clients.acknowledge(id, entry.index());
    }
  }

  /** The first member to apply a change: a new member's machine is switched on some time later. */
  private void changed(ConfChange change, StoreState before) {
    if (before.refuses(change)) {
      world.counts.add(Count.CHANGES_REFUSED);
      return;
    }
    world.counts.add(Count.CHANGES_APPLIED);
    if (before.confState().learners().contains(change.nodeId())
        && change.type() == ConfChange.Type.ADD_NODE) {
      world.counts.add(Count.LEARNERS_PROMOTED);
    }
    SimNode about = world.node(change.nodeId());
    if (about == null) {
      SimNode joiner = world.addNode(change.nodeId());
      world.after(world.random.nextLong(2 * World.SECONDS), joiner::start);
    } else if (change.type() == ConfChange.Type.REMOVE_NODE && about.isLeader()) {
      world.counts.add(Count.LEADERS_REMOVED);
    }
  }

  private void stopWhenRemoved() {
    if (state.removed().contains(node.id)) {
      node.later(
          World.SECONDS,
          () -> {
            node.toldOfRemoval();
            stopWhenRemoved();
          });
    }
  }

  private void serveReads() {
    waiting.removeIf(
        read -> {
          boolean ready = read.index() <= state.applied().index();
          if (ready) {
            served.add(read.context());
            world.counts.add(servedBy());
          }
          return ready;
        });
  }

  private Count servedBy() {
    if (node.isLeader()) {
      return Count.READS_AT_LEADER;
    }
    return state.confState().learners().contains(node.id)
        ? Count.READS_AT_LEARNER
        : Count.READS_AT_FOLLOWER;
  }
}
