// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.consensus.ConsensusFailure.Kind;
import io.kvorum.server.consensus.Proposals.Applied;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Proposals and those who wait for them. */
class ProposerTest {

  private static final TreeCommand COMMAND =
      new TreeCommand.Set(Bytes.utf8("/1/a"), false, Bytes.utf8("x"), 0, false);

  private final TestClock clock = new TestClock();
  private final AtomicInteger woken = new AtomicInteger();
  private final ProposalQueue queue = new ProposalQueue(4, woken::incrementAndGet);
  private final Waiters waiters = new Waiters(3, new io.kvorum.server.observe.Counter());
  private final Proposer proposer =
      new Proposer(clock, new RequestIds(7, 1, 0), waiters, queue, 1 << 20);

  @Test
  void anAnswerFindsItsWaiterAndNobodyElse() {
    CompletableFuture<Applied> first = proposer.propose(COMMAND);
    CompletableFuture<Applied> second = proposer.propose(COMMAND);
    ProposalQueue.Proposal submit = taken().getLast();
    Applied applied = new Applied(new Outcome.Done(), 9, 2);
    waiters.answer(submit.requestId(), applied);
    waiters.answer(submit.requestId(), new Applied(new Outcome.Done(), 10, 2));
    assertEquals(applied, second.join());
    assertFalse(first.isDone());
    assertEquals(1, waiters.count());
  }

  @Test
  void beyondTheBoundOfWaitersAProposalFailsAtOnceAndHasNotHappened() {
    for (int i = 0; i < 3; i++) {
      proposer.propose(COMMAND);
    }
    requireFailed(proposer.propose(COMMAND), Kind.TOO_MANY_REQUESTS, false);
    assertEquals(3, taken().size());
    assertEquals(3, waiters.count());
  }

  @Test
  void aFullInboxLeavesNoWaiterBehind() {
    ProposalQueue full = new ProposalQueue(0, woken::incrementAndGet);
    Proposer refused = new Proposer(clock, new RequestIds(7, 1, 0), waiters, full, 1 << 20);
    requireFailed(refused.propose(COMMAND), Kind.TOO_MANY_REQUESTS, false);
    assertEquals(0, waiters.count());
  }

  @Test
  void whoWaitsTooLongIsToldThatItMayStillHappen() {
    CompletableFuture<Applied> old = proposer.propose(COMMAND);
    clock.pass(Duration.ofSeconds(3));
    CompletableFuture<Applied> young = proposer.propose(COMMAND);
    waiters.expire(clock.monotonicNanos(), since -> Kind.TIMEOUT_LEADER_FAILED);
    requireFailed(old, Kind.TIMEOUT_LEADER_FAILED, true);
    assertFalse(young.isDone());
    assertEquals(1, waiters.count());
  }

  @Test
  void whoWaitsAtTheEndAndWhoComesAfterItIsToldThatTheServerStopped() {
    CompletableFuture<Applied> waiting = proposer.propose(COMMAND);
    waiters.close(Kind.STOPPED);
    requireFailed(waiting, Kind.STOPPED, true);
    requireFailed(proposer.propose(COMMAND), Kind.STOPPED, false);
    assertEquals(0, waiters.count());
    assertEquals(1, taken().size());
  }

  @Test
  void onlyTheFirstProposalWakesTheRaftThreadUntilItHasLooked() {
    proposer.propose(COMMAND);
    proposer.propose(COMMAND);
    assertEquals(1, woken.get());
    assertEquals(2, taken().size());
    assertEquals(0, taken().size());
    proposer.propose(COMMAND);
    assertEquals(2, woken.get());
  }

  private List<ProposalQueue.Proposal> taken() {
    List<ProposalQueue.Proposal> taken = new ArrayList<>();
    queue.takeInto(taken);
    return taken;
  }

  private static void requireFailed(
      CompletableFuture<Applied> future, Kind kind, boolean mayHaveHappened) {
    assertTrue(future.isDone(), "nobody will ever answer");
    CompletionException thrown = assertThrows(CompletionException.class, future::join);
    ConsensusFailure failure = assertInstanceOf(ConsensusFailure.class, thrown.getCause());
    assertEquals(kind, failure.kind());
    assertEquals(mayHaveHappened, failure.mayHaveHappened());
  }
}
