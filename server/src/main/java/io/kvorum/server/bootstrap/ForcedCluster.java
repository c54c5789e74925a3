// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.HardState;
import io.kvorum.server.apply.Replay;
import io.kvorum.server.apply.StoreMeta;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.storage.log.Opened;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code --force-new-cluster}: what is left of a cluster goes on as a cluster of one.
 *
 * <p>Entries that were not committed are cut off; removals of everybody else are appended and
 * treated as committed. They go through the log and through apply like any change, so a later
 * restart without the flag finds the same.
 */
final class ForcedCluster {

  private static final Logger LOG = LoggerFactory.getLogger(ForcedCluster.class);

  private ForcedCluster() {}

  /** Writes the removals to the log; returns the hard state that makes them committed. */
  static HardState take(Opened opened, Stores stores) {
    long self = opened.identity().memberId();
    HardState before = opened.hardState();
    Replay.upTo(before.commit(), opened.log(), stores);
    ConfState configuration = StoreMeta.configuration(stores.engine());
    long index = StoreMeta.position(stores.engine()).index();
    List<Entry> removals = new ArrayList<>();
    List<Long> others = new ArrayList<>(configuration.voters());
    others.addAll(configuration.learners());
    for (Long other : others) {
      if (other != self) {
        EntryCodec.Encoded encoded =
            EntryCodec.encode(0, new MemberCommand.Remove(new MemberId(other)));
        removals.add(new Entry(encoded.type(), before.term(), ++index, encoded.data()));
      }
    }
    if (removals.isEmpty() && opened.log().lastIndex() > index) {
      // Nobody to remove: something must still take the place of what was not committed.
      removals.add(new Entry(EntryType.NORMAL, before.term(), ++index, Bytes.EMPTY));
    }
    LOG.atWarn()
        .addKeyValue("local-member-id", Long.toHexString(self))
        .addKeyValue("removed-members", others.size() - 1L)
        .addKeyValue("commit-index", index)
        .log("forcing restart of member: force new cluster");
    HardState forced = new HardState(before.term(), before.vote(), index);
    opened.log().append(removals, Optional.of(forced));
    opened.log().sync();
    return forced;
  }
}
