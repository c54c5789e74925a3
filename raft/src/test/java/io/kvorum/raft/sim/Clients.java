// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import io.kvorum.base.Bytes;
import io.kvorum.raft.ConfChange;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.RaftWire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whoever writes and reads. Every write is unlike all others and is proposed once: an unknown fate
 * stays unknown. It is acknowledged when the node it was given to applies it.
 */
final class Clients {

  private final World world;
  private final Map<Long, Long> acknowledged = new HashMap<>();
  private long lastId;
  private boolean stopped;

  Clients(World world) {
    this.world = world;
  }

  void start() {
    world.afterAbout(world.profile.writeMeanMicros(), this::writeAgain);
    world.afterAbout(world.profile.readMeanMicros(), this::readAgain);
  }

  void stop() {
    stopped = true;
  }

  private void writeAgain() {
    if (!stopped) {
      SimNode leader = world.random.nextInt(4) == 0 ? world.leader() : null;
      SimNode node = leader == null ? world.anyRunning() : leader;
      if (node != null) {
        write(node, world.random.nextInt(8) == 0 ? 1 + world.random.nextInt(20) : 1);
      }
      world.afterAbout(world.profile.writeMeanMicros(), this::writeAgain);
    }
  }

  private void readAgain() {
    if (!stopped) {
      SimNode node = world.anyRunning();
      if (node != null) {
        read(node);
      }
      world.afterAbout(world.profile.readMeanMicros(), this::readAgain);
    }
  }

  /** Gives {@code count} writes to {@code node}; returns the id of the last one. */
  long write(SimNode node, int count) {
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int filler = world.random.nextInt(100) == 0 ? 600 : world.random.nextInt(40);
      byte[] data = new byte[8 + filler];
      ByteBuffer.wrap(data).putLong(++lastId);
      entries.add(Entry.proposal(Bytes.wrap(data)));
    }
    node.propose(entries);
    return lastId;
  }

  long change(SimNode node, ConfChange.Type type, long nodeId) {
    ConfChange change = new ConfChange(++lastId, type, nodeId, Bytes.EMPTY);
    node.propose(List.of(new Entry(EntryType.CONF_CHANGE, 0, 0, RaftWire.encode(change))));
    return lastId;
  }

  /** Begins a linearizable read at {@code node}; returns its context. */
  Bytes read(SimNode node) {
    byte[] context = new byte[8];
    ByteBuffer.wrap(context).putLong(++lastId);
    Bytes wrapped = Bytes.wrap(context);
    node.read(wrapped);
    return wrapped;
  }

  void acknowledge(long id, long index) {
    world.counts.add(Count.WRITES_ACKNOWLEDGED);
    acknowledged.put(id, index);
  }

  boolean isAcknowledged(long id) {
    return acknowledged.containsKey(id);
  }

  Map<Long, Long> acknowledged() {
    return acknowledged;
  }

  /** Which write an entry is; 0 for those that no client asked for. */
  static long idOf(Entry entry) {
    return switch (entry.type()) {
      case CONF_CHANGE -> RaftWire.decodeConfChange(entry.data()).id();
      case NORMAL -> entry.data().isEmpty() ? 0 : entry.data().asByteBuffer().getLong();
      case CONF_CHANGE_V2 -> throw new Violation("nobody proposes joint changes: " + entry);
    };
  }
}
