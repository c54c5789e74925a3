// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.env.Timers;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.member.MembershipView;
import io.kvorum.server.request.AdminAccess.Right;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Hands the leadership of this member to another one. Any thread. */
public final class MoveLeadership {
  private static final String NOT_LEADER = "etcdserver: not leader";
  private static final String BAD_TRANSFEREE = "etcdserver: bad leader transferee";
  private static final String TOO_LONG =
      "etcdserver: request timed out, leader transfer took too long";

  private static final Duration LOOK_PERIOD = Duration.ofMillis(20);

  private final AdminAccess access;
  private final ConsensusFacts facts;
  private final MembershipView members;
  private final Consumer<MemberId> transfer;
  private final Timers timers;
  private final int looksMax;

  /**
   * Creates the use case.
   *
   * @param transfer begins to hand the leadership over; nothing happens on a follower
   * @param patience how long to wait for the new leader
   */
  public MoveLeadership(
      AdminAccess access,
      ConsensusFacts facts,
      MembershipView members,
      Consumer<MemberId> transfer,
      Timers timers,
      Duration patience) {
    this.access = access;
    this.facts = facts;
    this.members = members;
    this.transfer = transfer;
    this.timers = timers;
    this.looksMax = (int) patience.dividedBy(LOOK_PERIOD);
  }

  /** Ends once this member sees {@code target} lead. */
  public CompletableFuture<Answer<MemberId>> to(Caller caller, MemberId target) {
    return Answer.then(access.admit(caller, Right.ROOT), requester -> move(target));
  }

  private CompletableFuture<Answer<MemberId>> move(MemberId target) {
    MemberId self = members.current().localId();
    if (!facts.leader().equals(self)) {
      return failed(NOT_LEADER);
    }
    if (members.current().find(target).filter(member -> !member.learner()).isEmpty()) {
      return failed(BAD_TRANSFEREE);
    }
    if (target.equals(self)) {
      return Answer.now(new Answer.Done<>(target));
    }
    transfer.accept(target);
    return seen(target);
  }

  private CompletableFuture<Answer<MemberId>> seen(MemberId target) {
    CompletableFuture<Answer<MemberId>> done = new CompletableFuture<>();
    AtomicInteger looks = new AtomicInteger();
    Timers.Cancellable looking =
        timers.every(
            LOOK_PERIOD,
            () -> {
              if (facts.leader().equals(target)) {
                done.complete(new Answer.Done<>(target));
              } else if (looks.incrementAndGet() >= looksMax) {
                done.complete(new Answer.Failed<>(TOO_LONG, true));
              }
            });
    return done.whenComplete((answer, failure) -> looking.cancel());
  }

  private static CompletableFuture<Answer<MemberId>> failed(String reason) {
    return Answer.now(new Answer.Failed<>(reason, false));
  }
}
