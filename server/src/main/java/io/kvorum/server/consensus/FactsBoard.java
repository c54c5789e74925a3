// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.base.MemberId;
import io.kvorum.raft.Effects.Leadership;
import io.kvorum.raft.Effects.Role;
import java.util.function.Consumer;

/** The consensus facts, written by the raft and apply threads, read by everybody. */
final class FactsBoard implements ConsensusFacts {

  /** The leadership and since when (monotonic nanoseconds) this leader is known. */
  private record Seen(Leadership leadership, long leaderSince) {}

  private final Consumer<MemberId> leaderSeen;
  private volatile Seen seen;
  private volatile long appliedIndex;
  private volatile long committedIndex;

  /**
   * @param leaderSeen told of each leader that takes over
   */
  FactsBoard(long term, long appliedIndex, Consumer<MemberId> leaderSeen) {
    this.leaderSeen = leaderSeen;
    seen = new Seen(new Leadership(Role.FOLLOWER, 0, term), 0);
    this.appliedIndex = appliedIndex;
    committedIndex = appliedIndex;
  }

  void leadership(Leadership leadership, long nowMonotonic) {
    Seen before = seen;
    boolean sameLeader =
        before.leadership.leader() == leadership.leader()
            && before.leadership.term() == leadership.term();
    seen = new Seen(leadership, sameLeader ? before.leaderSince : nowMonotonic);
    if (!sameLeader && leadership.leader() != 0) {
      leaderSeen.accept(new MemberId(leadership.leader()));
    }
  }

  void applied(long index) {
    appliedIndex = index;
  }

  void committed(long index) {
    committedIndex = index;
  }

  long leaderSince() {
    return seen.leaderSince;
  }

  @Override
  public MemberId leader() {
    return new MemberId(seen.leadership.leader());
  }

  @Override
  public Role role() {
    return seen.leadership.role();
  }

  @Override
  public long term() {
    return seen.leadership.term();
  }

  @Override
  public long appliedIndex() {
    return appliedIndex;
  }

  @Override
  public long committedIndex() {
    return committedIndex;
  }
}
