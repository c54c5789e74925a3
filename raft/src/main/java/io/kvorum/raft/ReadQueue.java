// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import io.kvorum.base.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Linearizable reads at the leader (Raft dissertation, section 6.4).
 *
 * <p>A read may be served at the commit index of a moment after it arrived, if a quorum still
 * followed this leader after that moment. So requests gather; a round takes all that wait, notes
 * the commit index and asks for a quorum with one heartbeat; the next round starts when this one is
 * done. One round at a time makes the load adapt itself: the slower the network, the more reads
 * share a round. A heartbeat that got lost is made up for by the next regular one, which carries
 * the same round.
 *
 * <p>There is no short cut by clock or by "nothing was committed meanwhile": every round waits for
 * its quorum.
 */
final class ReadQueue {

  /** More than any honest load; beyond it a request is dropped, and its sender asks again. */
  private static final int WAITING_MAX = 1 << 16;

  /** {@code from}: who asked, possibly this node. */
  record Request(long from, Bytes context) {}

  private List<Request> waiting = new ArrayList<>();
  private List<Request> round = List.of();
  private long roundNumber;
  private long roundIndex;
  private Bytes roundContext = Bytes.EMPTY;

  void add(Request request) {
    if (waiting.size() < WAITING_MAX) {
      waiting.add(request);
    }
  }

  boolean canStartRound() {
    return round.isEmpty() && !waiting.isEmpty();
  }

  boolean isRoundOpen() {
    return !round.isEmpty();
  }

  void startRound(long commit) {
    round = waiting;
    waiting = new ArrayList<>();
    roundNumber++;
    roundIndex = commit;
    roundContext = Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(roundNumber).array());
  }

  /** What heartbeats carry; empty when no round is open. */
  Bytes context() {
    return roundContext;
  }

  long roundNumber() {
    return roundNumber;
  }

  long roundIndex() {
    return roundIndex;
  }

  List<Request> finishRound() {
    List<Request> done = round;
    round = List.of();
    roundContext = Bytes.EMPTY;
    return done;
  }

  /** The round that an echoed context stands for, 0 for none. */
  static long roundOf(Bytes context) {
    return context.length() == Long.BYTES ? context.asByteBuffer().getLong() : 0;
  }
}
