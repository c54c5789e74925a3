// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.env.SystemClock;
import io.kvorum.raft.Effects.Role;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.member.Member;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member that serves, and how it stops. */
public final class RunningMember {

  private static final Logger LOG = LoggerFactory.getLogger(RunningMember.class);
  private static final Duration DRAIN = Duration.ofMillis(500);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final MemberConfig config;
  private final Assembly parts;

  private RunningMember(MemberConfig config, Assembly parts) {
    this.config = config;
    this.parts = parts;
  }

  /**
   * Starts a member and returns when its ports answer; whether there is a leader by then is not
   * known.
   *
   * @param onEnding is told, once, when the member ends by itself
   * @throws StartFailure when it can not start; nothing is left running or open
   */
  public static RunningMember start(MemberConfig config, Consumer<Ending> onEnding) {
    return start(config, onEnding, new SystemClock());
  }

  /** The same with another idea of the time. */
  static RunningMember start(MemberConfig config, Consumer<Ending> onEnding, Clock clock) {
    return new RunningMember(config, Assembly.start(config, onEnding, clock));
  }

  Assembly parts() {
    return parts;
  }

  /** Hands over the leadership, lets requests finish, closes everything. Blocks. */
  public void stop() {
    parts.stopDuties();
    handOver();
    parts.clients().stopListening(DRAIN);
    parts.stop();
  }

  /** A leader that just left would cost the cluster an election timeout. */
  private void handOver() {
    Optional<MemberId> heir = heir();
    if (parts.consensus().facts().role() != Role.LEADER || heir.isEmpty()) {
      return;
    }
    LOG.atInfo().addKeyValue("transferee", heir.get()).log("leadership transfer starting");
    parts.consensus().transferLeadership(heir.get());
    long deadline = System.nanoTime() + config.raft().electionTimeout().toNanos();
    while (!isSucceeded() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    LOG.atInfo()
        .addKeyValue("leader", parts.consensus().facts().leader())
        .log("leadership transfer finished");
  }

  /**
   * A former leader that goes before it has heard of the next one leaves others behind who still
   * forward to it, and what they forward is lost.
   */
  private boolean isSucceeded() {
    MemberId leader = parts.consensus().facts().leader();
    return !leader.equals(MemberId.NONE)
        && !leader.equals(parts.stores().members().current().localId());
  }

  /** The voter whose connection has worked for the longest. */
  private Optional<MemberId> heir() {
    MemberId self = parts.stores().members().current().localId();
    List<Member> members = List.copyOf(parts.stores().members().current().members().values());
    return members.stream()
        .filter(member -> !member.id().equals(self) && !member.learner())
        .map(Member::id)
        .filter(id -> parts.network().activeSince(id.value()) >= 0)
        .min(Comparator.comparingLong(id -> parts.network().activeSince(id.value())));
  }
}
