// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.env.Timers;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.ConsensusFailure;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.MembershipView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Renews leases and tells how long they live. Only the leader knows, so every other member asks it,
 * past raft. Who leads may change meanwhile: the question is put again until there is an answer or
 * the time for requests is over. Futures end on any thread.
 */
public final class KeepLeases {

  /** As etcd. */
  private static final String NO_LEADER = "etcdserver: no leader";

  private static final Duration PAUSE = Duration.ofMillis(50);

  /** Puts questions to the leader, if that is another member. */
  public interface AtLeader {
    /** As {@link LeasesHere#renew}; does not fail. */
    CompletableFuture<LeaseReply<Long>> renew(List<String> urls, long id, Duration patience);

    /** As {@link LeasesHere#look}; does not fail. */
    CompletableFuture<LeaseReply<LeaseTime>> look(
        List<String> urls, long id, boolean keys, Duration patience);
  }

  /** Who leads, as far as is known here. */
  public record Leadership(ConsensusFacts facts, MembershipView members) {

    boolean isHere() {
      return facts.leader().equals(members.current().localId());
    }

    /** Where the other one that leads is. */
    Optional<List<String>> elsewhere() {
      return members.current().find(facts.leader()).map(Member::peerUrls);
    }

    boolean isKnown() {
      return !facts.leader().equals(MemberId.NONE);
    }
  }

  private final LeaseAccess access;
  private final LeasesHere here;
  private final AtLeader atLeader;
  private final Leadership leadership;
  private final Timers timers;
  private final Clock clock;
  private final Duration patience;

  /**
   * @param patience the time for a request
   */
  public KeepLeases(
      LeaseAccess access,
      LeasesHere here,
      AtLeader atLeader,
      Leadership leadership,
      Timers timers,
      Clock clock,
      Duration patience) {
    this.access = access;
    this.here = here;
    this.atLeader = atLeader;
    this.leadership = leadership;
    this.timers = timers;
    this.clock = clock;
    this.patience = patience;
  }

  /** Gives a lease its full time again; tells that time in seconds, 0 when there is no lease. */
  public CompletableFuture<Answer<Long>> renew(Caller caller, long id) {
    return Answer.map(
        Answer.then(
            access.admit(caller, new LeaseAccess.Deed.Renew(id)),
            requester ->
                new Question<Long>(
                        () -> here.renew(id),
                        (urls, left) -> atLeader.renew(urls, id, left),
                        clock.monotonicNanos() + patience.toNanos())
                    .put()),
        ttl -> ttl.orElse(0L));
  }

  /** How long a lease has to live, empty when there is none. */
  public CompletableFuture<Answer<Optional<LeaseTime>>> look(Caller caller, long id, boolean keys) {
    return Answer.then(
        access.admit(caller, new LeaseAccess.Deed.Look(id, keys)),
        requester ->
            new Question<LeaseTime>(
                    () -> here.look(id, keys),
                    (urls, left) -> atLeader.look(urls, id, keys, left),
                    clock.monotonicNanos() + patience.toNanos())
                .put());
  }

  /** The ids of the leases that this member knows; at the leader, who ends first is in front. */
  public CompletableFuture<Answer<long[]>> all(Caller caller) {
    return Answer.then(
        access.admit(caller, new LeaseAccess.Deed.ListAll()),
        requester -> here.all().thenApply(Answer.Done::new));
  }

  /** One question on its way to whoever leads. */
  private final class Question<T> {

    private final Supplier<CompletableFuture<LeaseReply<T>>> local;
    private final BiFunction<List<String>, Duration, CompletableFuture<LeaseReply<T>>> remote;
    private final long deadline;
    private final CompletableFuture<Answer<Optional<T>>> answer = new CompletableFuture<>();

    Question(
        Supplier<CompletableFuture<LeaseReply<T>>> local,
        BiFunction<List<String>, Duration, CompletableFuture<LeaseReply<T>>> remote,
        long deadline) {
      this.local = local;
      this.remote = remote;
      this.deadline = deadline;
    }

    CompletableFuture<Answer<Optional<T>>> put() {
      ask();
      return answer;
    }

    private void ask() {
      long left = deadline - clock.monotonicNanos();
      if (left <= 0) {
        String reason = leadership.isKnown() ? ConsensusFailure.Kind.TIMEOUT.text() : NO_LEADER;
        answer.complete(new Answer.Failed<>(reason, false));
        return;
      }
      attempt(Duration.ofNanos(left))
          .whenComplete(
              (reply, broken) -> {
                if (reply == null) {
                  answer.completeExceptionally(
                      broken == null ? new IllegalStateException("no reply") : broken);
                } else {
                  take(reply);
                }
              });
    }

    private CompletableFuture<LeaseReply<T>> attempt(Duration left) {
      if (leadership.isHere()) {
        return local.get();
      }
      return leadership
          .elsewhere()
          .map(urls -> remote.apply(urls, left))
          .orElseGet(() -> CompletableFuture.completedFuture(new LeaseReply.NotHere<>()));
    }

    private void take(LeaseReply<T> reply) {
      switch (reply) {
        case LeaseReply.Stands<T>(T value) ->
            answer.complete(new Answer.Done<>(Optional.of(value)));
        case LeaseReply.Gone<T> gone -> answer.complete(new Answer.Done<>(Optional.empty()));
        case LeaseReply.NotHere<T> not -> timers.after(PAUSE, this::ask);
        case LeaseReply.Failed<T>(String reason) ->
            answer.complete(new Answer.Failed<>(reason, false));
      }
    }
  }
}
