// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import java.time.Duration;

/**
 * How fast a lessor works. The numbers are etcd's where it has one.
 *
 * @param look between two looks at what is due
 * @param patience what a new leader adds to every deadline: an election timeout, for what clients
 *     of the leader before were promised last
 * @param revokesPerSecond most leases ended in a second
 * @param revokesUnderWay most of them in the log at once without an outcome
 * @param revokeAgain how long after a failure the next try comes
 * @param deadlinesPerSecond how many a new leader lets fall into one second, when there are many
 * @param checkpoint how often the remaining time of a lease is written down
 */
public record Pace(
    Duration look,
    Duration patience,
    int revokesPerSecond,
    int revokesUnderWay,
    Duration revokeAgain,
    int deadlinesPerSecond,
    Duration checkpoint) {

  /** More leases than this are spread. */
  static final int UNSPREAD_MAX = 1000;

  /** Leases whose remaining time goes into one command. */
  static final int CHECKPOINTS_PER_COMMAND = 1000;

  /** Commands of that kind at one look. */
  static final int CHECKPOINT_COMMANDS = 10;

  /** etcd's, for a member with this election timeout. */
  public static Pace of(Duration electionTimeout) {
    return new Pace(
        Duration.ofMillis(100),
        electionTimeout,
        1000,
        1000,
        Duration.ofSeconds(3),
        750,
        Duration.ofMinutes(5));
  }
}
