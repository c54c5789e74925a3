// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What {@code /v2/stats/self} and {@code /v2/stats/leader} tell: since when this member runs, whom
 * it last saw leading, and the traffic between members. Callable from any thread.
 */
public final class MemberStatistics {
  private final Clock clock;
  private final long startedAt;
  private final AppendRate received;
  private final AppendRate sent;
  private final Map<MemberId, FollowerLatency> followers = new ConcurrentHashMap<>();
  private volatile Leadership leadership;

  public MemberStatistics(Clock clock) {
    this.clock = clock;
    this.startedAt = clock.unixNanos();
    this.received = new AppendRate(clock);
    this.sent = new AppendRate(clock);
    this.leadership = new Leadership(MemberId.NONE, startedAt);
  }

  /** Who leads since when, in Unix nanoseconds. */
  public record Leadership(MemberId leader, long since) {}

  /** A leader was seen. A lost leader is not told: the last one stays, as in etcd. */
  public void leads(MemberId leader) {
    if (!leader.equals(MemberId.NONE) && !leader.equals(leadership.leader())) {
      leadership = new Leadership(leader, clock.unixNanos());
    }
  }

  /** An append message of {@code bytes} came in. */
  public void appendReceived(int bytes) {
    received.add(bytes);
  }

  /** An append message of {@code bytes} went out. */
  public void appendSent(int bytes) {
    sent.add(bytes);
  }

  /** A message reached {@code follower} within {@code nanos}. */
  public void followerAnswered(MemberId follower, long nanos) {
    followers.merge(
        follower,
        FollowerLatency.NONE.answered(nanos / 1e6),
        (before, first) -> before.answered(nanos / 1e6));
  }

  /** A message to {@code follower} was lost. */
  public void followerFailed(MemberId follower) {
    followers.merge(follower, FollowerLatency.NONE.failed(), (before, first) -> before.failed());
  }

  /** When this member started, in Unix nanoseconds. */
  public long startedAt() {
    return startedAt;
  }

  public Leadership leadership() {
    return leadership;
  }

  public AppendTraffic received() {
    return received.now();
  }

  public AppendTraffic sent() {
    return sent.now();
  }

  /** The followers heard of, by id. */
  public Map<MemberId, FollowerLatency> followers() {
    return new TreeMap<>(followers);
  }
}
