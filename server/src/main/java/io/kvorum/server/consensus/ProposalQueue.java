// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.raft.Entry;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Proposals of this member on their way to the raft thread. That thread is woken by the first one
 * only and takes them when it wants them: whoever comes while the disk works for an earlier batch
 * costs it nothing, and shares the next batch.
 *
 * <p>{@link #offer} may be called from any thread, {@link #takeInto} belongs to the raft thread.
 */
final class ProposalQueue {

  /**
   * An entry without its place yet, and who waits for it.
   *
   * @param onlyInTerm the term that this member must lead in to place it; 0 when anybody may
   */
  record Proposal(long requestId, Entry entry, long onlyInTerm) {}

  private final ConcurrentLinkedQueue<Proposal> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final int proposalsMax;
  private final Runnable wake;

  /**
   * @param proposalsMax most proposals waiting at once
   * @param wake lets the raft thread look here; called once until it has
   */
  ProposalQueue(int proposalsMax, Runnable wake) {
    this.proposalsMax = proposalsMax;
    this.wake = wake;
  }

  /** False when there are too many already. */
  boolean offer(Proposal proposal) {
    if (count.incrementAndGet() > proposalsMax) {
      count.decrementAndGet();
      return false;
    }
    waiting.add(proposal);
    if (woken.compareAndSet(false, true)) {
      wake.run();
    }
    return true;
  }

  /** Moves all that wait to {@code target}; whoever comes later wakes again. */
  void takeInto(Collection<Proposal> target) {
    if (!woken.get()) {
      return;
    }
    woken.set(false);
    for (Proposal next = waiting.poll(); next != null; next = waiting.poll()) {
      count.decrementAndGet();
      target.add(next);
    }
  }
}
