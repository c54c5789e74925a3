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
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import io.kvorum.server.storage.log.Opened;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code --force-new-cluster}: what is left of a cluster goes on as a cluster of one.
 *
 * <p>Entries that were not committed are cut off; removals of everybody else are appended and
 * treated as committed; a learner is promoted first. In a directory of {@code etcdctl backup}
 * nobody is left: the member of the new log becomes one first. The changes go through the log and
 * through apply like any change, so a later restart without the flag finds the same.
 */
final class ForcedCluster {

  private static final Logger LOG = LoggerFactory.getLogger(ForcedCluster.class);

  private static final List<String> DEFAULT_PEER_URLS =
      List.of("http://localhost:7001", "http://localhost:2380");

  /** Where nobody is. */
  private static final List<String> NO_PEER_URLS = List.of("http://localhost:1");

  private ForcedCluster() {}

  /** Writes the changes to the log; returns the hard state that makes them committed. */
  static HardState take(Opened opened, Stores stores) {
    long self = opened.identity().memberId();
    HardState before = opened.hardState();
    Replay.upTo(before.commit(), opened.log(), stores);
    ConfState configuration = StoreMeta.configuration(stores.engine());
    long index = StoreMeta.position(stores.engine()).index();
    List<Entry> entries = new ArrayList<>();
    List<MemberCommand> changes = changes(self, configuration, stores.members().current());
    for (MemberCommand change : changes) {
      EntryCodec.Encoded encoded = EntryCodec.encode(0, change);
      entries.add(new Entry(encoded.type(), before.term(), ++index, encoded.data()));
    }
    if (entries.isEmpty() && opened.log().lastIndex() > index) {
      // Nobody to remove: something must still take the place of what was not committed.
      entries.add(new Entry(EntryType.NORMAL, before.term(), ++index, Bytes.EMPTY));
    }
    LOG.atWarn()
        .addKeyValue("local-member-id", Long.toHexString(self))
        .addKeyValue("membership-changes", changes.size())
        .addKeyValue("commit-index", index)
        .log("forcing restart of member: force new cluster");
    HardState forced = new HardState(before.term(), before.vote(), index);
    opened.log().append(entries, Optional.of(forced));
    opened.log().sync();
    return forced;
  }

  /**
   * What leaves this member alone. In a backup it is none of the members: then it becomes one, with
   * the addresses of etcd's defaults as 2.3.7 gives them. Somebody must be a voter all the time, so
   * the last one goes after it came; should that one have the same addresses, it gives them up.
   */
  private static List<MemberCommand> changes(
      long self, ConfState configuration, Membership members) {
    List<Long> others = new ArrayList<>(configuration.learners());
    others.addAll(configuration.voters());
    boolean member = others.remove(Long.valueOf(self));
    List<MemberCommand> changes = new ArrayList<>();
    if (configuration.learners().contains(self)) {
      changes.add(new MemberCommand.Promote(new MemberId(self)));
    }
    others.forEach(other -> changes.add(new MemberCommand.Remove(new MemberId(other))));
    if (!member) {
      int beforeLast = Math.max(0, changes.size() - 1);
      changes.add(
          beforeLast, new MemberCommand.Add(new MemberId(self), DEFAULT_PEER_URLS, "", false));
      if (!others.isEmpty()) {
        MemberId last = new MemberId(others.getLast());
        Member kept = members.members().get(last);
        if (kept != null && !Collections.disjoint(kept.peerUrls(), DEFAULT_PEER_URLS)) {
          changes.add(beforeLast, new MemberCommand.Update(last, NO_PEER_URLS));
        }
      }
    }
    return List.copyOf(changes);
  }
}
