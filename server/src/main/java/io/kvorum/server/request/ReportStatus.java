// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.server.command.Alarm;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import io.kvorum.server.member.MembershipView;
import io.kvorum.server.mvcc.KeyspaceView;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells how this member is. Open to everybody, also without a leader. Any thread. */
public final class ReportStatus {
  private final MembershipView members;
  private final ConsensusFacts facts;
  private final KeyspaceReading keyspace;
  private final Supplier<List<Alarm>> alarms;
  private final StoreSize size;

  /**
   * Creates the use case.
   *
   * @param alarms those that stand
   */
  public ReportStatus(
      MembershipView members,
      ConsensusFacts facts,
      KeyspaceReading keyspace,
      Supplier<List<Alarm>> alarms,
      StoreSize size) {
    this.members = members;
    this.facts = facts;
    this.keyspace = keyspace;
    this.alarms = alarms;
    this.size = size;
  }

  /**
   * A member's state.
   *
   * @param leader {@link MemberId#NONE} when none is known
   * @param downgrade the version that a downgrade under way goes to
   */
  public record Status(
      MemberId leader,
      long term,
      long committed,
      long applied,
      boolean learner,
      List<Alarm> alarms,
      Optional<String> downgrade) {}

  /** How this member is now. */
  public Status now() {
    Membership membership = members.current();
    return new Status(
        facts.leader(),
        facts.term(),
        facts.committedIndex(),
        facts.appliedIndex(),
        membership.local().filter(Member::learner).isPresent(),
        alarms.get(),
        membership.downgrade());
  }

  /** The revision of the v3 keyspace. */
  public long revision() {
    return keyspace.read(KeyspaceView::revision);
  }

  /** The version all members can speak, as {@code 3.4.0}; empty before the first decision. */
  public Optional<String> clusterVersion() {
    return members.current().clusterVersion();
  }

  /** How large the store is. */
  public StoreSize size() {
    return size;
  }
}
