// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import java.util.List;

/**
 * A look into the core, for operators and for choosing a transfer target or a learner to promote.
 *
 * @param durable the last index on the own disk
 * @param firstInMemory the oldest entry kept in memory, one behind the last when there is none
 * @param transferee who is about to take the leadership over, 0 for nobody
 * @param peers what a leader knows of the others, by ascending id; empty elsewhere
 */
public record Status(
    long id,
    Effects.Role role,
    long leader,
    long term,
    long vote,
    long commit,
    long applied,
    long durable,
    long firstInMemory,
    long last,
    ConfState conf,
    long transferee,
    List<Peer> peers) {

  /**
   * One peer of a leader.
   *
   * @param match its log is known to equal the leader's up to here
   * @param next the entry it is sent next
   * @param state PROBE, REPLICATE or SNAPSHOT
   * @param paused nothing is sent until it answers
   * @param inflight appends under way to it
   * @param recentlyActive it was heard since the last quorum check
   */
  public record Peer(
      long id,
      boolean learner,
      long match,
      long next,
      String state,
      boolean paused,
      int inflight,
      boolean recentlyActive) {}
}
