// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.MembershipView;
import io.kvorum.server.observe.AppendTraffic;
import io.kvorum.server.observe.FollowerLatency;
import io.kvorum.server.observe.MemberStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells this member's counters. Open to everybody, also without a leader. */
public final class ReportStatistics {
  private final MembershipView members;
  private final ConsensusFacts facts;
  private final MemberStatistics statistics;
  private final Supplier<List<Count>> tree;

  /**
   * Creates the use case.
   *
   * @param tree the counters of the v2 tree, in the order they are shown
   */
  public ReportStatistics(
      MembershipView members,
      ConsensusFacts facts,
      MemberStatistics statistics,
      Supplier<List<Count>> tree) {
    this.members = members;
    this.facts = facts;
    this.statistics = statistics;
    this.tree = tree;
  }

  /** One counter. */
  public record Count(String name, long value) {}

  /** This member; times in Unix nanoseconds. */
  public record Self(
      String name,
      MemberId id,
      boolean leads,
      long startedAt,
      MemberStatistics.Leadership leadership,
      AppendTraffic received,
      AppendTraffic sent) {}

  public Self self() {
    var now = members.current();
    return new Self(
        now.local().map(Member::name).orElse(""),
        now.localId(),
        leads(),
        statistics.startedAt(),
        statistics.leadership(),
        statistics.received(),
        statistics.sent());
  }

  /** A leader and how its followers answer. */
  public record Leader(MemberId id, Map<MemberId, FollowerLatency> followers) {}

  /** Empty on a member that does not lead. */
  public Optional<Leader> leader() {
    if (!leads()) {
      return Optional.empty();
    }
    var now = members.current();
    var followers = statistics.followers();
    followers.keySet().retainAll(now.members().keySet());
    return Optional.of(new Leader(now.localId(), followers));
  }

  /** The counters of the v2 tree. */
  public List<Count> tree() {
    return tree.get();
  }

  /** What {@code raft.status} shows; {@code state} as etcd words it. */
  public record Raft(MemberId id, long term, long committed, MemberId leader, String state) {}

  public Raft raft() {
    return new Raft(
        members.current().localId(),
        facts.term(),
        facts.committedIndex(),
        facts.leader(),
        leads() ? "StateLeader" : "StateFollower");
  }

  private boolean leads() {
    return facts.leader().equals(members.current().localId());
  }
}
