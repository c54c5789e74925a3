// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.raft.Entry;
import io.kvorum.raft.LogPosition;
import io.kvorum.server.storage.log.WriteAheadLog;

/**
 * Brings the stores from the position they reflect to what the log knows committed, before the
 * member takes part: the same rounds as live, read from the log in pieces, so that a long way back
 * costs time but no memory.
 */
public final class Replay {

  private static final long ROUND_BYTES_MAX = 4 << 20;

  private final Stores stores;
  private Round round;
  private long replayed;

  private Replay(Stores stores) {
    this.stores = stores;
    round = nextRound();
  }

  /** Applies every entry up to {@code commitIndex} that the stores lack; returns how many. */
  public static long upTo(long commitIndex, WriteAheadLog log, Stores stores) {
    LogPosition from = StoreMeta.position(stores.engine());
    Replay replay = new Replay(stores);
    if (commitIndex > from.index()) {
      log.replay(
          from,
          entry -> {
            if (entry.index() <= commitIndex) {
              replay.apply(entry);
            }
          });
      replay.finish();
    }
    return replay.replayed;
  }

  private void apply(Entry entry) {
    round.apply(entry);
    replayed++;
    if (round.bytes() >= ROUND_BYTES_MAX) {
      finish();
    }
  }

  private void finish() {
    round.write();
    stores.publish();
    stores.tree().takeEvents();
    stores.keyspace().takeEvents();
    stores.auth().takeTokenChanges();
    stores.leases().takeChanges();
    round = nextRound();
  }

  private Round nextRound() {
    return new Round(
        stores, StoreMeta.position(stores.engine()), StoreMeta.configuration(stores.engine()));
  }
}
