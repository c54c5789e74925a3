// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import io.kvorum.raft.ConfChange;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Configuration;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.RaftWire;
import java.util.HashSet;
import java.util.Set;

/**
 * A state machine's whole state at one position: a hash chain over everything applied, and who
 * takes part. Immutable, so that a snapshot or a flush is a reference.
 *
 * @param removed who was ever removed; their ids come back never
 */
record StoreState(LogPosition applied, long hash, ConfState confState, Set<Long> removed) {

  static final StoreState EMPTY = new StoreState(LogPosition.ZERO, 0, ConfState.EMPTY, Set.of());

  StoreState apply(Entry entry) {
    long next = mix(hash, entry);
    if (entry.type() != EntryType.CONF_CHANGE) {
      return new StoreState(entry.position(), next, confState, removed);
    }
    ConfChange change = RaftWire.decodeConfChange(entry.data());
    boolean refused = refuses(change);
    // A refused change is handed on as one about nobody, exactly as etcd's apply does it.
    ConfState result = Configuration.apply(confState, refused ? aboutNobody(change) : change);
    return new StoreState(entry.position(), next, result, refused ? removed : removedAfter(change));
  }

  /** The rules of membership: the same on every member, whatever it knows besides. */
  boolean refuses(ConfChange change) {
    long id = change.nodeId();
    return switch (change.type()) {
      case ADD_NODE -> removed.contains(id) || confState.voters().contains(id);
      case ADD_LEARNER -> removed.contains(id) || confState.contains(id);
      case REMOVE_NODE ->
          !confState.contains(id)
              || (confState.voters().size() == 1 && confState.voters().contains(id));
      case UPDATE_NODE -> !confState.contains(id);
    };
  }

  private Set<Long> removedAfter(ConfChange change) {
    if (change.type() != ConfChange.Type.REMOVE_NODE) {
      return removed;
    }
    Set<Long> more = new HashSet<>(removed);
    more.add(change.nodeId());
    return Set.copyOf(more);
  }

  private static ConfChange aboutNobody(ConfChange change) {
    return new ConfChange(change.id(), change.type(), 0, change.context());
  }

  static long mix(long hash, Entry entry) {
    long mixed = hash ^ entry.data().hashCode() ^ (long) entry.type().ordinal() << 40;
    mixed = (mixed + entry.term() * 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    mixed ^= (mixed >>> 29) + entry.index();
    return mixed * 0x94D049BB133111EBL;
  }
}
