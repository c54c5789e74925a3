// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

/**
 * What a leader knows about one follower, and how it sends to it.
 *
 * <pre>
 *   PROBE      one append at a time, until it is known where the logs agree
 *     accepted             → REPLICATE, next = match + 1
 *     snapshot on its way  → SNAPSHOT
 *   REPLICATE  appends follow each other without waiting for answers
 *     rejected, unreachable → PROBE, next = match + 1
 *     snapshot on its way   → SNAPSHOT
 *   SNAPSHOT   nothing is sent
 *     sent                 → PROBE, next = snapshot + 1, paused until the next answer
 *     not sent             → PROBE, next = match + 1, paused likewise
 *     accepted, and the log reaches back that far → REPLICATE
 * </pre>
 *
 * Always match &lt; next. What the leader has to fetch for a follower (old entries, a snapshot) is
 * kept apart from the state, because answers of the follower may still change the state meanwhile.
 */
final class Progress {

  enum State {
    PROBE,
    REPLICATE,
    SNAPSHOT
  }

  /** What this follower's next message waits for. */
  enum Awaiting {
    NOTHING,
    LOG_READ,
    SNAPSHOT,
    /** No snapshot could be made; asked again when the follower shows that it is alive. */
    SNAPSHOT_RETRY
  }

  final long id;
  private final Inflights inflights;

  private State state = State.PROBE;
  private long match;
  private long next;
  private boolean paused;
  private long snapshotIndex;
  private long toldCommit;
  private boolean silentSinceHeartbeat;
  private boolean resendDue;

  Awaiting awaiting = Awaiting.NOTHING;

  /** Heard from since the last quorum check. */
  boolean recentlyActive;

  /** The newest round of reads this follower has confirmed the leadership for. */
  long confirmedRead;

  Progress(long id, long next, int inflightMax) {
    this.id = id;
    this.next = next;
    inflights = new Inflights(inflightMax);
  }

  State state() {
    return state;
  }

  long match() {
    return match;
  }

  long next() {
    return next;
  }

  boolean isPaused() {
    return state == State.SNAPSHOT
        || awaiting != Awaiting.NOTHING
        || (state == State.PROBE ? paused : inflights.isFull());
  }

  /** Whether an append without entries has something to say. */
  boolean wantsWord(long commit) {
    return switch (state) {
      case PROBE -> !paused;
      case REPLICATE -> resendDue || toldCommit < Math.min(commit, next - 1);
      case SNAPSHOT -> false;
    };
  }

  /** Whether the last append seems to be lost. */
  boolean isResendDue() {
    return resendDue;
  }

  /** An append leaves that ends at {@code last} and carries {@code commit}. */
  void sent(long last, long commit) {
    resendDue = false;
    silentSinceHeartbeat = false;
    toldCommit = Math.min(commit, last);
    if (state == State.PROBE) {
      paused = true;
    } else if (last >= next) {
      inflights.add(last);
      next = last + 1;
    }
  }

  void watchForLostAppend(long lastIndex) {
    silentSinceHeartbeat = paused || match < lastIndex;
  }

  /**
   * Only the answer to a regular heartbeat makes anything be sent again. Reads make heartbeats too,
   * as many as there are rounds; a slow follower must not get its last append again for each.
   */
  void heartbeatAnswered() {
    recentlyActive = true;
    if (!silentSinceHeartbeat) {
      return;
    }
    silentSinceHeartbeat = false;
    paused = false;
    resendDue = true;
    if (awaiting == Awaiting.SNAPSHOT_RETRY) {
      awaiting = Awaiting.NOTHING;
    }
  }

  /** The follower's log equals the leader's up to {@code index}. Returns whether that is news. */
  boolean accepted(long index, long reachableFrom) {
    boolean news = index > match;
    match = Math.max(match, index);
    next = Math.max(next, index + 1);
    switch (state) {
      case PROBE -> {
        if (index == match) {
          becomeReplicate();
        }
      }
      case REPLICATE -> inflights.freeTo(index);
      case SNAPSHOT -> {
        if (news && match >= reachableFrom) {
          becomeReplicate();
        }
      }
    }
    return news;
  }

  /**
   * The follower's log does not hold the position {@code index}; the two may agree at {@code hint}.
   * Late and repeated answers change nothing.
   */
  void rejected(long index, long hint) {
    switch (state) {
      case REPLICATE -> {
        if (index > match) {
          becomeProbe(match + 1);
        }
      }
      case PROBE -> {
        if (index == next - 1) {
          becomeProbe(Math.max(match + 1, Math.min(index, hint + 1)));
        }
      }
      case SNAPSHOT -> {}
    }
  }

  void unreachable() {
    if (state == State.REPLICATE) {
      becomeProbe(match + 1);
    }
  }

  void snapshotLeaves(long index) {
    state = State.SNAPSHOT;
    snapshotIndex = index;
    inflights.clear();
  }

  void snapshotSent(boolean delivered) {
    if (state == State.SNAPSHOT) {
      becomeProbe(Math.max(match, delivered ? snapshotIndex : 0) + 1);
      paused = true;
    }
  }

  int inflightCount() {
    return inflights.count();
  }

  private void becomeProbe(long newNext) {
    state = State.PROBE;
    next = newNext;
    paused = false;
    toldCommit = 0;
    inflights.clear();
  }

  private void becomeReplicate() {
    state = State.REPLICATE;
    next = match + 1;
    paused = false;
    inflights.clear();
  }
}
