// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/**
 * Majorities of one configuration. In a joint configuration everything needs a majority of the new
 * voters and one of the old ones (Raft dissertation, section 4.3).
 */
final class Quorum {

  /** How a ballot stands. */
  enum Outcome {
    WON,
    LOST,
    OPEN
  }

  private final long[] incoming;
  private final long[] outgoing;
  private final long[] voters;

  /** Spared from the heap on every answer of every follower. */
  private final long[] scratch;

  Quorum(ConfState conf) {
    incoming = toArray(conf.voters());
    outgoing = toArray(conf.votersOutgoing());
    scratch = new long[Math.max(incoming.length, outgoing.length)];
    voters =
        new ConfState(union(conf), List.of(), List.of(), List.of(), false)
            .voters().stream().mapToLong(Long::longValue).toArray();
  }

  /** All voters of both halves in ascending order; the caller does not write to it. */
  long[] voters() {
    return voters;
  }

  boolean isVoter(long id) {
    return contains(voters, id);
  }

  boolean isOnlyVoter(long id) {
    return voters.length == 1 && voters[0] == id;
  }

  /** Whether those who satisfy {@code member} form a quorum. */
  boolean isMetBy(LongPredicate member) {
    return agreed(id -> member.test(id) ? 1 : 0) == 1;
  }

  /**
   * The largest number that a quorum has reached; 0 without voters.
   *
   * @param reached how far a voter is, not negative
   */
  long agreed(LongUnaryOperator reached) {
    if (incoming.length == 0) {
      return 0;
    }
    long agreed = majority(incoming, reached);
    return outgoing.length == 0 ? agreed : Math.min(agreed, majority(outgoing, reached));
  }

  /** The outcome when {@code yes} have said yes and {@code no} have said no. */
  Outcome tally(LongPredicate yes, LongPredicate no) {
    if (isMetBy(yes)) {
      return Outcome.WON;
    }
    return isMetBy(no.negate()) ? Outcome.OPEN : Outcome.LOST;
  }

  private long majority(long[] half, LongUnaryOperator reached) {
    for (int i = 0; i < half.length; i++) {
      scratch[i] = reached.applyAsLong(half[i]);
    }
    Arrays.sort(scratch, 0, half.length);
    return scratch[(half.length - 1) / 2];
  }

  private static boolean contains(long[] ids, long id) {
    for (long candidate : ids) {
      if (candidate == id) {
        return true;
      }
    }
    return false;
  }

  private static List<Long> union(ConfState conf) {
    List<Long> all = new ArrayList<>(conf.voters());
    all.addAll(conf.votersOutgoing());
    return all;
  }

  private static long[] toArray(List<Long> ids) {
    return ids.stream().mapToLong(Long::longValue).toArray();
  }
}
