// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.env.Clock;
import io.kvorum.raft.Effects.Leadership;
import io.kvorum.raft.Effects.Role;
import io.kvorum.server.consensus.ConsensusFailure.Kind;
import java.time.Duration;

/**
 * Knows when a request has waited too long and what etcd then says about it: the text depends on
 * whether a leader was lost shortly before, or is not reachable now. Owned by the raft thread.
 */
final class Timekeeper {

  private final Clock clock;
  private final long requestNanos;
  private final long leaderLossNanos;
  private final PeerTransport peers;
  private Leadership leadership = new Leadership(Role.FOLLOWER, 0, 0);
  private long leaderSince;
  private long now;

  Timekeeper(Clock clock, Duration requestTime, Duration electionTimeout, PeerTransport peers) {
    this.clock = clock;
    this.requestNanos = requestTime.toNanos();
    this.leaderLossNanos = electionTimeout.multipliedBy(2).toNanos();
    this.peers = peers;
    this.now = clock.monotonicNanos();
  }

  void ticked() {
    now = clock.monotonicNanos();
  }

  void leaderChanged(Leadership next) {
    leadership = next;
    leaderSince = clock.monotonicNanos();
  }

  /** The moment of the last tick: exact enough for time limits, and free. */
  long now() {
    return now;
  }

  /** Requests older than this have failed. */
  long requestDeadline() {
    return now - requestNanos;
  }

  /** Why a request that began at {@code since} got no answer (v2 API, "time-outs"). */
  Kind kindOfTimeout(long since) {
    if (leadership.leader() == 0) {
      return Kind.TIMEOUT;
    }
    if (since - leaderSince <= 0 && since - (leaderSince - leaderLossNanos) > 0) {
      return Kind.TIMEOUT_LEADER_FAILED;
    }
    boolean leads = leadership.role() == Role.LEADER;
    return !leads && peers.activeSince(leadership.leader()) < 0
        ? Kind.TIMEOUT_CONNECTION_LOST
        : Kind.TIMEOUT;
  }
}
