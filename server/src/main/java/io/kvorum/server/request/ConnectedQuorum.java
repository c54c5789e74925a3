// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Whoever changes the voters must have been connected for a while to those it takes: to all when
 * one is added, to a quorum of the rest when one is removed. As etcd 3.4 checks with {@code
 * --strict-reconfig-check}, on top of counting started members.
 */
public final class ConnectedQuorum implements ReconfigurationRule {
  private static final String UNHEALTHY = "etcdserver: unhealthy cluster";

  /** A connection counts after this time, as in etcd. */
  private static final long HEALTHY_AFTER_NANOS = 5_000_000_000L;

  private final ReconfigurationRule first = new EnoughStarted();
  private final Clock clock;
  private final ToLongFunction<MemberId> activeSince;

  /**
   * @param activeSince since when (monotonic nanoseconds) the connection to a member works, or -1;
   *     any thread
   */
  public ConnectedQuorum(Clock clock, ToLongFunction<MemberId> activeSince) {
    this.clock = clock;
    this.activeSince = activeSince;
  }

  @Override
  public Optional<String> againstAddingVoter(Membership now) {
    return first
        .againstAddingVoter(now)
        .or(() -> unless(voters(now).allMatch(member -> isConnected(now, member))));
  }

  @Override
  public Optional<String> againstRemoving(Membership now, MemberId id) {
    return first.againstRemoving(now, id).or(() -> unless(isSafelyRemoved(now, id)));
  }

  @Override
  public Optional<String> againstPromoting(Membership now, MemberId id) {
    return first.againstPromoting(now, id);
  }

  private boolean isSafelyRemoved(Membership now, MemberId id) {
    // Who is gone already takes nothing away.
    boolean gone = !id.equals(now.localId()) && activeSince.applyAsLong(id) < 0;
    if (gone || now.find(id).filter(Member::learner).isPresent()) {
      return true;
    }
    Predicate<Member> stays = member -> !member.id().equals(id);
    long connected = voters(now).filter(stays).filter(member -> isConnected(now, member)).count();
    return connected >= voters(now).filter(stays).count() / 2 + 1;
  }

  private static Stream<Member> voters(Membership now) {
    return now.members().values().stream().filter(member -> !member.learner());
  }

  private boolean isConnected(Membership now, Member member) {
    if (member.id().equals(now.localId())) {
      return true;
    }
    long since = activeSince.applyAsLong(member.id());
    return since >= 0 && clock.monotonicNanos() - since >= HEALTHY_AFTER_NANOS;
  }

  private static Optional<String> unless(boolean healthy) {
    return healthy ? Optional.empty() : Optional.of(UNHEALTHY);
  }
}
