// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import java.util.List;

/**
 * Who takes part, as of one log index. Lists are sorted by unsigned value and free of repeats.
 *
 * @param votersOutgoing the old half of a joint configuration, else empty
 * @param learnersNext voters of the old half that become learners when the joint phase ends
 * @param autoLeave whether the leader leaves the joint phase on its own
 */
public record ConfState(
    List<Long> voters,
    List<Long> learners,
    List<Long> votersOutgoing,
    List<Long> learnersNext,
    boolean autoLeave) {

  public static final ConfState EMPTY =
      new ConfState(List.of(), List.of(), List.of(), List.of(), false);

  public ConfState {
    voters = sorted(voters);
    learners = sorted(learners);
    votersOutgoing = sorted(votersOutgoing);
    learnersNext = sorted(learnersNext);
  }

  public static ConfState of(List<Long> voters, List<Long> learners) {
    return new ConfState(voters, learners, List.of(), List.of(), false);
  }

  public boolean isJoint() {
    return !votersOutgoing.isEmpty();
  }

  public boolean contains(long id) {
    return voters.contains(id) || learners.contains(id) || votersOutgoing.contains(id);
  }

  private static List<Long> sorted(List<Long> ids) {
    return ids.stream().distinct().sorted(Long::compareUnsigned).toList();
  }
}
