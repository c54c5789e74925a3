// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.Followers;
import io.kvorum.server.consensus.Followers.Progress;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.MembershipView;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Makes a learner a voter once it has nearly all of the log. Only the leader knows how far it is,
 * so every other member sends the request there.
 */
public final class PromoteMember {
  private static final String NOT_READY =
      "etcdserver: can only promote a learner member which is in sync with leader";
  private static final String NOT_LEADER = "etcdserver: not leader";
  private static final String NO_LEADER = "etcdserver: no leader";

  /** How much of the leader's log a learner must have, as in etcd. */
  private static final double READY_SHARE = 0.9;

  private final ChangeMembers change;
  private final Followers followers;
  private final ConsensusFacts facts;
  private final MembershipView members;
  private final AtLeader leader;

  /** Puts the same request to another member. */
  @FunctionalInterface
  public interface AtLeader {
    /** Ends with what that member answered; does not fail. */
    CompletableFuture<Answer<MemberId>> promote(MemberEntry leader, MemberId id);
  }

  public PromoteMember(
      ChangeMembers change,
      Followers followers,
      ConsensusFacts facts,
      MembershipView members,
      AtLeader leader) {
    this.change = change;
    this.followers = followers;
    this.facts = facts;
    this.members = members;
    this.leader = leader;
  }

  /** Promotes {@code id}, here or at the leader. */
  CompletableFuture<Answer<MemberId>> anywhere(Caller caller, MemberId id) {
    return followers
        .progress()
        .thenCompose(
            progress -> progress.isPresent() ? ifReady(caller, id, progress.get()) : atLeader(id));
  }

  /** Promotes {@code id} if this member leads: what other members ask for. */
  public CompletableFuture<Answer<MemberId>> here(Caller caller, MemberId id) {
    return followers
        .progress()
        .thenCompose(
            progress ->
                progress.isPresent()
                    ? ifReady(caller, id, progress.get())
                    : Answer.now(new Answer.Failed<>(NOT_LEADER, false)));
  }

  private CompletableFuture<Answer<MemberId>> ifReady(
      Caller caller, MemberId id, Progress progress) {
    Optional<Member> member = members.current().find(id);
    if (member.isEmpty()) {
      return refused(Refusal.Membership.Reason.ID_NOT_FOUND, id);
    }
    if (!member.get().learner()) {
      return refused(Refusal.Membership.Reason.NOT_A_LEARNER, id);
    }
    long match = progress.matches().getOrDefault(id, 0L);
    return match < progress.durable() * READY_SHARE
        ? Answer.now(new Answer.Failed<>(NOT_READY, false))
        : change.promote(caller, id);
  }

  private static CompletableFuture<Answer<MemberId>> refused(
      Refusal.Membership.Reason reason, MemberId id) {
    return Answer.now(new Answer.Refused<>(new Refusal.Membership(reason, id)));
  }

  private CompletableFuture<Answer<MemberId>> atLeader(MemberId id) {
    Optional<Member> to = members.current().find(facts.leader());
    boolean elsewhere = to.isPresent() && !to.get().id().equals(members.current().localId());
    return elsewhere
        ? leader.promote(MemberEntry.of(to.get()), id)
        : Answer.now(new Answer.Failed<>(NO_LEADER, false));
  }
}
