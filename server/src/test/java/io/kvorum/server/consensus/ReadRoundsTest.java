// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.raft.Effects.ReadState;
import io.kvorum.raft.Input;
import io.kvorum.server.consensus.ConsensusFailure.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ReadRoundsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(7);

  private final TestClock clock = new TestClock();
  private final FactsBoard facts = new FactsBoard(1, 10, seen -> {});
  private final List<Bytes> asked = new ArrayList<>();
  private int wakes;
  private final ReadRounds reads =
      new ReadRounds(clock, new RequestIds(7, 1, 0), facts, 5, () -> wakes++);

  @Test
  void aReaderIsServedWhenItsRoundsIndexIsApplied() {
    CompletableFuture<Void> reader = reads.await();
    begin();
    answer(12);
    assertFalse(reader.isDone());
    applied(11);
    assertFalse(reader.isDone());
    applied(12);
    assertTrue(reader.isDone());
  }

  @Test
  void whoComesDuringARoundIsServedByTheNextOne() {
    CompletableFuture<Void> early = reads.await();
    begin();
    CompletableFuture<Void> late = reads.await();
    begin();
    assertEquals(1, asked.size());
    answer(10);
    assertTrue(early.isDone());
    assertFalse(late.isDone());
    assertEquals(2, asked.size());
    assertNotEquals(asked.get(0), asked.get(1));
    answer(10);
    assertTrue(late.isDone());
  }

  @Test
  void manyReadersShareOneRoundAndOneWake() {
    List<CompletableFuture<Void>> readers = List.of(reads.await(), reads.await(), reads.await());
    assertEquals(1, wakes);
    begin();
    answer(10);
    readers.forEach(reader -> assertTrue(reader.isDone()));
    assertEquals(1, asked.size());
  }

  @Test
  void anAnswerToAnotherQuestionServesNobody() {
    CompletableFuture<Void> reader = reads.await();
    begin();
    reads.answered(new ReadState(Bytes.utf8("12345678"), 10), this::core);
    assertFalse(reader.isDone());
  }

  @Test
  void afterALeaderChangeTheOldLeadersAnswerCountsNoMore() {
    CompletableFuture<Void> reader = reads.await();
    begin();
    reads.leadershipChanged(this::core);
    assertEquals(2, asked.size());
    reads.answered(new ReadState(asked.getFirst(), 10), this::core);
    assertFalse(reader.isDone());
    answer(10);
    assertTrue(reader.isDone());
  }

  @Test
  void aLostQuestionIsAskedAgainUnderTheSameContext() {
    CompletableFuture<Void> reader = reads.await();
    begin();
    clock.pass(Duration.ofMillis(499));
    tick();
    assertEquals(1, asked.size());
    clock.pass(Duration.ofMillis(1));
    tick();
    assertEquals(List.of(asked.getFirst(), asked.getFirst()), asked);
    answer(10);
    assertTrue(reader.isDone());
  }

  @Test
  void readersExpireWhereverTheyWait() {
    CompletableFuture<Void> confirmed = reads.await();
    begin();
    answer(99);
    CompletableFuture<Void> underWay = reads.await();
    begin();
    CompletableFuture<Void> gathering = reads.await();
    clock.pass(PATIENCE.plusMillis(1));
    tick();
    tick();
    for (CompletableFuture<Void> reader : List.of(confirmed, underWay, gathering)) {
      requireFailed(reader, Kind.TIMEOUT);
    }
    CompletableFuture<Void> next = reads.await();
    begin();
    answer(10);
    assertTrue(next.isDone());
  }

  @Test
  void beyondTheBoundAReaderFailsAtOnceAndRoomComesBack() {
    List<CompletableFuture<Void>> readers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      readers.add(reads.await());
    }
    requireFailed(reads.await(), Kind.TOO_MANY_REQUESTS);
    begin();
    answer(10);
    readers.forEach(CompletableFuture::join);
    assertFalse(reads.await().isDone());
  }

  @Test
  void whoWaitsAtTheEndAndWhoComesAfterItIsToldThatTheServerStopped() {
    CompletableFuture<Void> confirmed = reads.await();
    begin();
    answer(99);
    CompletableFuture<Void> underWay = reads.await();
    begin();
    CompletableFuture<Void> gathering = reads.await();
    reads.stop();
    for (CompletableFuture<Void> reader : List.of(confirmed, underWay, gathering, reads.await())) {
      requireFailed(reader, Kind.STOPPED);
    }
  }

  private void begin() {
    reads.begin(this::core);
  }

  private void answer(long index) {
    reads.answered(new ReadState(asked.getLast(), index), this::core);
  }

  private void applied(long index) {
    facts.applied(index);
    reads.applied();
  }

  private void tick() {
    long now = clock.monotonicNanos();
    reads.tick(now, now - PATIENCE.toNanos(), this::core);
  }

  private void core(Input input) {
    asked.add(assertInstanceOf(Input.RequestRead.class, input).context());
  }

  private static void requireFailed(CompletableFuture<Void> reader, Kind kind) {
    assertTrue(reader.isDone(), "a lost reader");
    CompletionException thrown = assertThrows(CompletionException.class, reader::join);
    ConsensusFailure failure = assertInstanceOf(ConsensusFailure.class, thrown.getCause());
    assertEquals(kind, failure.kind());
    assertFalse(failure.mayHaveHappened());
  }
}
