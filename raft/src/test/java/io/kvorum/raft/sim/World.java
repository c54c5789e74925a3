// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import io.kvorum.base.Bytes;
import io.kvorum.raft.ConfChange;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.HardState;
import io.kvorum.raft.RaftWire;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One simulated cluster: virtual time, a queue of events, the nodes and what is between them.
 *
 * <p>Everything random comes from one generator, everything happens in one thread, and events at
 * the same time happen in the order they were planned: the same seed gives the same life.
 */
final class World {

  static final long MILLIS = 1_000;
  static final long SECONDS = 1_000_000;
  private static final boolean TRACING = Boolean.getBoolean("trace");

  private record Event(long time, long sequence, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  final SplittableRandom random;
  final Profile profile;
  final Counts counts = new Counts();
  final Checker checker = new Checker(this);
  final Network network = new Network(this);
  final Clients clients = new Clients(this);
  private final Map<Long, SimNode> nodes = new LinkedHashMap<>();
  private final List<SimNode> nodeList = new ArrayList<>();
  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private long now;
  private long sequence;
  private long events;
  private long nextNode;

  World(long seed, @Nullable Profile profile) {
    this.random = new SplittableRandom(seed);
    this.profile = profile == null ? Profile.random(random) : profile;
    bootstrap();
  }

  /** A log that every founder has: one committed change per founder, as etcd begins. */
  private void bootstrap() {
    List<Long> ids = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < profile.nodes(); i++) {
      ids.add(newNodeId());
    }
    ids.sort(Long::compareUnsigned);
    for (long id : ids) {
      ConfChange change = new ConfChange(0, ConfChange.Type.ADD_NODE, id, Bytes.EMPTY);
      entries.add(new Entry(EntryType.CONF_CHANGE, 1, entries.size() + 1, RaftWire.encode(change)));
    }
    entries.forEach(entry -> checker.commitAtBirth(entry));
    for (long id : ids) {
      SimNode node = addNode(id);
      node.disk.log.append(entries);
      node.disk.hardState = new HardState(1, 0, entries.size());
      node.start();
    }
  }

  /** Ids are unsigned 64-bit numbers; every second one is negative to Java. */
  long newNodeId() {
    nextNode++;
    return nextNode % 2 == 0 ? nextNode : nextNode | Long.MIN_VALUE;
  }

  SimNode addNode(long id) {
    SimNode node = new SimNode(this, id);
    nodes.put(id, node);
    nodeList.add(node);
    return node;
  }

  Collection<SimNode> nodes() {
    return nodeList;
  }

  @Nullable SimNode node(long id) {
    return nodes.get(id);
  }

  SimNode anyNode() {
    return nodeList.get(random.nextInt(nodeList.size()));
  }

  /** Whether a quorum of the newest voters has the removal of {@code id} durably in its store. */
  boolean isRemovalSettled(long id) {
    List<Long> voters = checker.newest().confState().voters();
    long know =
        nodeList.stream()
            .filter(node -> voters.contains(node.id) && node.disk.flushed.removed().contains(id))
            .count();
    return know > voters.size() / 2;
  }

  /** A running node, or null when it chose one that does not run. */
  @Nullable SimNode anyRunning() {
    for (int tries = 0; tries < 10; tries++) {
      SimNode node = anyNode();
      if (node.isRunning()) {
        return node;
      }
    }
    return null;
  }

  /** The running node that leads the highest term, if any. */
  @Nullable SimNode leader() {
    SimNode best = null;
    for (SimNode node : nodeList) {
      if (node.isLeader() && (best == null || node.term() > best.term())) {
        best = node;
      }
    }
    return best;
  }

  long now() {
    return now;
  }

  long events() {
    return events;
  }

  void after(long micros, Runnable action) {
    queue.add(new Event(now + micros, sequence++, action));
  }

  /** Plans {@code action} after a time drawn from an exponential distribution. */
  void afterAbout(long meanMicros, Runnable action) {
    after((long) (random.nextExponential() * meanMicros), action);
  }

  void runFor(long micros) {
    runUntil(micros, () -> false);
  }

  /** Runs until {@code done} or for {@code micros}; returns whether it was done. */
  boolean runUntil(long micros, BooleanSupplier done) {
    long end = now + micros;
    while (!done.getAsBoolean()) {
      Event next = queue.peek();
      if (next == null || next.time > end) {
        now = end;
        return done.getAsBoolean();
      }
      queue.remove();
      now = next.time;
      events++;
      next.action.run();
      checker.afterEvent(events);
    }
    return true;
  }

  void trace(Supplier<String> line) {
    if (TRACING) {
      System.out.printf("%10.3f ms %s%n", now / 1000.0, line.get());
    }
  }
}
