// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import io.kvorum.raft.Effects;
import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What one node has on its disk. What was written but not synced is kept apart, record by record in
 * the order of etcd's log (entries, hard state; a snapshot comes last): a crash keeps any prefix of
 * it, since a torn log is repaired by cutting it at the first bad record.
 */
final class SimDisk {

  /** One record of the log. */
  private sealed interface Written {
    record Entries(List<Entry> entries) implements Written {}

    record State(HardState state) implements Written {}

    record Snapshot(StoreState state) implements Written {}
  }

  final SimLog log = new SimLog();
  HardState hardState = HardState.EMPTY;

  /** The state machine's last durable flush; flushes are not ordered against the log. */
  StoreState flushed = StoreState.EMPTY;

  private final List<Written> unsynced = new ArrayList<>();

  void write(Effects effects, List<StoreState> incoming) {
    if (!effects.entries().isEmpty()) {
      unsynced.add(new Written.Entries(effects.entries()));
    }
    effects.hardState().ifPresent(state -> unsynced.add(new Written.State(state)));
    incoming.forEach(state -> unsynced.add(new Written.Snapshot(state)));
  }

  void sync() {
    unsynced.forEach(this::keep);
    unsynced.clear();
  }

  void crash(RandomGenerator random, Counts counts) {
    int kept = random.nextBoolean() ? random.nextInt(unsynced.size() + 1) : 0;
    for (int i = 0; i < kept; i++) {
      Written record = unsynced.get(i);
      if (i == kept - 1 && record instanceof Written.Entries torn && random.nextBoolean()) {
        keepSome(torn.entries(), random.nextInt(torn.entries().size() + 1));
      } else {
        keep(record);
      }
    }
    List<Written> lost = unsynced.subList(kept, unsynced.size());
    if (lost.stream().anyMatch(Written.Entries.class::isInstance)) {
      counts.add(Count.CRASHES_LOSING_ENTRIES);
    }
    if (lost.stream().anyMatch(Written.State.class::isInstance)) {
      counts.add(Count.CRASHES_LOSING_HARD_STATE);
    }
    unsynced.clear();
  }

  void flush(StoreState state) {
    if (state.applied().index() > flushed.applied().index()) {
      flushed = state;
    }
  }

  private void keepSome(List<Entry> entries, int count) {
    if (count > 0) {
      log.append(entries.subList(0, count));
    }
  }

  private void keep(Written record) {
    switch (record) {
      case Written.Entries written -> log.append(written.entries());
      case Written.State written -> hardState = written.state();
      case Written.Snapshot written -> {
        // The new store is complete before this record is: recovery finishes the switch.
        log.reset(written.state().applied());
        flush(written.state());
      }
    }
  }
}
