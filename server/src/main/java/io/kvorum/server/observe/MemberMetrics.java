// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;

/**
 * The metrics that the parts of a member feed, under etcd's names and with its buckets. Make one
 * for each member.
 */
public final class MemberMetrics {
  private final MemberStatistics statistics;
  private final Histogram walFsyncSeconds;
  private final Histogram storeCommitSeconds;
  private final Counter leaderChanges;
  private final Counter proposalsFailed;

  /** Registers all of them; {@code version} is the server's own, as {@code 3.7.1}. */
  public MemberMetrics(Metrics metrics, MemberStatistics statistics, String version) {
    this.statistics = statistics;
    walFsyncSeconds =
        metrics.histogram(
            "etcd_disk_wal_fsync_duration_seconds",
            "The latency distributions of fsync called by WAL.",
            Histogram.exponential(0.001, 2, 14));
    storeCommitSeconds =
        metrics.histogram(
            "etcd_disk_backend_commit_duration_seconds",
            "The latency distributions of commit called by backend.",
            Histogram.exponential(0.001, 2, 14));
    leaderChanges =
        metrics.counter(
            "etcd_server_leader_changes_seen_total", "The number of leader changes seen.");
    proposalsFailed =
        metrics.counter(
            "etcd_server_proposals_failed_total", "The total number of failed proposals seen.");
    metrics.info(
        "etcd_server_version",
        "Which version is running. 1 for 'server_version' label with current version.",
        "server_version",
        version);
  }

  /** For a member that nobody asks. */
  public static MemberMetrics unseen(Clock clock) {
    return new MemberMetrics(new Metrics(), new MemberStatistics(clock), "0.0.0");
  }

  /** How long an fsync of the log took, in seconds. */
  public Histogram walFsyncSeconds() {
    return walFsyncSeconds;
  }

  /** How long a batch of the store took, in seconds. */
  public Histogram storeCommitSeconds() {
    return storeCommitSeconds;
  }

  /** A leader was seen, another one than before or in another term. */
  public void leaderChanged(MemberId leader) {
    leaderChanges.increment();
    statistics.leads(leader);
  }

  /** Incremented for each proposal without an outcome. */
  public Counter proposalsFailed() {
    return proposalsFailed;
  }
}
