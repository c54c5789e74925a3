// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

/**
 * Settings of one core.
 *
 * @param id this node
 * @param electionTicks E: an election timeout is drawn from [E, 2E - 1] ticks
 * @param heartbeatTicks ticks between heartbeats
 * @param messageBytesMax most bytes of encoded entries in one append; one entry always goes
 * @param inflightMax most appends under way to one follower
 * @param tailBytesMax most bytes of applied entries kept in memory for followers
 * @param preVote whether to ask before raising the term
 * @param checkQuorum whether a leader without contact to a quorum steps down
 */
public record RaftConfig(
    long id,
    int electionTicks,
    int heartbeatTicks,
    int messageBytesMax,
    int inflightMax,
    long tailBytesMax,
    boolean preVote,
    boolean checkQuorum) {

  /** etcd's numbers (10 ticks, 1 MiB, 512 appends), with 16 MiB of tail. */
  public static RaftConfig of(long id) {
    return new RaftConfig(id, 10, 1, 1 << 20, 512, 16L << 20, true, true);
  }

  public RaftConfig {
    if (id == 0) {
      throw new IllegalArgumentException("id: 0 is nobody, expected a member's id");
    }
    if (electionTicks <= heartbeatTicks || heartbeatTicks < 1) {
      throw new IllegalArgumentException(
          "electionTicks: " + electionTicks + ", expected more than " + heartbeatTicks);
    }
  }
}
