// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import java.util.HashMap;
import java.util.Map;

/** The votes of one ballot. Whoever speaks twice is heard once; who has no vote is not counted. */
final class VoteTally {

  private final Quorum quorum;
  private final Map<Long, Boolean> votes = new HashMap<>();

  VoteTally(Quorum quorum) {
    this.quorum = quorum;
  }

  void record(long voter, boolean granted) {
    votes.putIfAbsent(voter, granted);
  }

  Quorum.Outcome outcome() {
    return quorum.tally(
        id -> Boolean.TRUE.equals(votes.get(id)), id -> Boolean.FALSE.equals(votes.get(id)));
  }
}
