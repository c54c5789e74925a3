// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static io.kvorum.raft.OneCore.THREE;
import static io.kvorum.raft.OneCore.core;
import static io.kvorum.raft.OneCore.entries;
import static io.kvorum.raft.OneCore.follower;
import static io.kvorum.raft.OneCore.leader;
import static io.kvorum.raft.OneCore.onlyAppend;
import static io.kvorum.raft.OneCore.persist;
import static io.kvorum.raft.OneCore.receive;
import static io.kvorum.raft.OneCore.start;
import static io.kvorum.raft.OneCore.step;
import static io.kvorum.raft.OneCore.tick;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One core, message by message: what genuine members of different age say, and what they hear. */
final class RaftCoreTest {

  // --- term rules ---

  @Test
  void anOldLeaderIsToldOfTheLaterTerm() {
    RaftCore core = follower(5);
    receive(core, new Message.Heartbeat(1, 3, 4, 0, Bytes.EMPTY));
    assertEquals(List.of(new Message.AppendAccepted(3, 1, 5, 0)), core.drain().afterPersist());
    receive(core, new Message.Append(1, 3, 4, LogPosition.ZERO, List.of(), 0));
    assertEquals(List.of(new Message.AppendAccepted(3, 1, 5, 0)), core.drain().afterPersist());
  }

  @Test
  void anOldPreVoteIsRefusedWithTheOwnTermAndAnythingElseOldIsIgnored() {
    RaftCore core = follower(5);
    receive(core, new Message.VoteRequest(1, 3, 4, true, new LogPosition(9, 9), false));
    assertEquals(List.of(new Message.VoteResponse(3, 1, 5, true, true)), core.drain().immediate());
    receive(core, new Message.VoteRequest(1, 3, 4, false, new LogPosition(9, 9), false));
    receive(core, new Message.VoteResponse(1, 3, 4, false, false));
    receive(core, new Message.TimeoutNow(1, 3, 4));
    assertFalse(core.hasEffects());
  }

  @Test
  void aPreVoteRaisesNoTermAndNeedsNoDisk() {
    RaftCore core = follower(5);
    receive(core, new Message.VoteRequest(1, 3, 9, true, new LogPosition(5, 9), false));
    Effects effects = core.drain();
    assertEquals(List.of(new Message.VoteResponse(3, 1, 9, true, false)), effects.immediate());
    assertEquals(Optional.empty(), effects.hardState());
    assertEquals(5, core.term());
  }

  @Test
  void aVoteLeavesOnlyWithItsHardState() {
    RaftCore core = follower(5);
    receive(core, new Message.VoteRequest(1, 3, 9, false, new LogPosition(5, 9), false));
    Effects effects = core.drain();
    assertEquals(List.of(), effects.immediate());
    assertEquals(List.of(new Message.VoteResponse(3, 1, 9, false, false)), effects.afterPersist());
    assertEquals(Optional.of(new HardState(9, 3, 0)), effects.hardState());
    assertTrue(effects.mustSync());
    // The same candidate may ask again, another one is refused - behind the disk, since the term
    // it states is not durable yet.
    receive(core, new Message.VoteRequest(1, 3, 9, false, new LogPosition(5, 9), false));
    receive(core, new Message.VoteRequest(1, 2, 9, false, new LogPosition(5, 9), false));
    assertEquals(
        List.of(
            new Message.VoteResponse(3, 1, 9, false, false),
            new Message.VoteResponse(2, 1, 9, false, true)),
        core.drain().afterPersist());
  }

  @Test
  void aShorterLogGetsNoVoteButItsTermCounts() {
    RaftCore core = core(start(new HardState(5, 0, 0), THREE, 1, 5, 5));
    receive(core, new Message.VoteRequest(1, 3, 9, false, new LogPosition(5, 2), false));
    Effects effects = core.drain();
    assertEquals(List.of(new Message.VoteResponse(3, 1, 9, false, true)), effects.afterPersist());
    assertEquals(9, core.term());
  }

  @Test
  void whileALeaderIsAliveVoteRequestsAreNotEvenAnswered() {
    RaftCore core = follower(5);
    receive(core, new Message.Heartbeat(1, 2, 5, 0, Bytes.EMPTY));
    core.drain();
    receive(core, new Message.VoteRequest(1, 3, 9, false, new LogPosition(9, 9), false));
    receive(core, new Message.VoteRequest(1, 3, 9, true, new LogPosition(9, 9), false));
    assertFalse(core.hasEffects());
    // A transfer overrules that.
    receive(core, new Message.VoteRequest(1, 3, 9, false, new LogPosition(9, 9), true));
    assertEquals(
        List.of(new Message.VoteResponse(3, 1, 9, false, false)), core.drain().afterPersist());
    // And so does silence.
    receive(core, new Message.Heartbeat(1, 3, 9, 0, Bytes.EMPTY));
    tick(core, 10);
    receive(core, new Message.VoteRequest(1, 2, 10, false, new LogPosition(9, 9), false));
    assertEquals(10, core.term());
  }

  /** What lies behind the match may be of another leader, whatever is committed there. */
  @Test
  void theCommitIndexFollowsTheLeaderOnlyAsFarAsTheLogsAreKnownToMatch() {
    RaftCore core = core(start(new HardState(5, 0, 0), THREE, 1, 1, 1, 1));
    receive(core, new Message.Append(1, 3, 5, new LogPosition(1, 2), List.of(), 4));
    assertEquals(2, core.commit());
  }

  @Test
  void aLearnerVotesWhenAskedButNeverCampaigns() {
    ConfState conf = ConfState.of(List.of(2L, 3L), List.of(1L));
    RaftCore core = core(start(new HardState(5, 0, 0), conf));
    tick(core, 100);
    step(core, new Input.Campaign());
    receive(core, new Message.TimeoutNow(1, 2, 5));
    assertFalse(core.hasEffects());
    receive(core, new Message.VoteRequest(1, 3, 6, false, LogPosition.ZERO, false));
    assertEquals(
        List.of(new Message.VoteResponse(3, 1, 6, false, false)), core.drain().afterPersist());
  }

  @Test
  void aNodeWithoutAConfigurationWaits() {
    RaftCore core = core(start(HardState.EMPTY, ConfState.EMPTY));
    tick(core, 100);
    assertFalse(core.hasEffects());
  }

  @Test
  void answersOfStrangersRaiseNoTerm() {
    RaftCore core = follower(5);
    receive(core, new Message.AppendAccepted(1, 9, 8, 0));
    receive(core, new Message.VoteResponse(1, 9, 8, false, true));
    receive(core, new Message.HeartbeatResponse(1, 9, 8, Bytes.EMPTY));
    assertEquals(5, core.term());
  }

  @Test
  void aLeftOverGrantDoesNotCountForTheNextQuestion() {
    RaftCore core = follower(5);
    step(core, new Input.Campaign());
    core.drain();
    receive(core, new Message.VoteResponse(1, 2, 5, true, false));
    assertEquals(Effects.Role.PRE_CANDIDATE, core.role());
    receive(core, new Message.VoteResponse(1, 2, 6, true, false));
    assertEquals(Effects.Role.CANDIDATE, core.role());
    receive(core, new Message.VoteResponse(1, 3, 6, true, false));
    assertEquals(Effects.Role.CANDIDATE, core.role());
  }

  @Test
  void anElectionIsWonOnlyWithTheOwnVoteOnDisk() {
    RaftCore core = follower(5);
    step(core, new Input.Campaign());
    receive(core, new Message.VoteResponse(1, 2, 6, true, false));
    Effects asking = core.drain();
    receive(core, new Message.VoteResponse(1, 2, 6, false, false));
    assertEquals(Effects.Role.CANDIDATE, core.role());
    step(core, new Input.Persisted(asking.batch()));
    assertEquals(Effects.Role.LEADER, core.role());
  }

  // --- appends ---

  @Test
  void aRejectionSaysWhereTheLogsMayAgree() {
    RaftCore core = core(start(new HardState(7, 0, 0), THREE, 1, 1, 3, 3));
    receive(core, new Message.Append(1, 2, 7, new LogPosition(6, 9), List.of(), 0));
    assertEquals(
        List.of(new Message.AppendRejected(2, 1, 7, 9, new LogPosition(3, 4))),
        core.drain().afterPersist());
    receive(core, new Message.Append(1, 2, 7, new LogPosition(2, 4), List.of(), 0));
    assertEquals(
        List.of(new Message.AppendRejected(2, 1, 7, 4, new LogPosition(1, 2))),
        core.drain().afterPersist());
  }

  @Test
  void aLeaderSkipsAWholeTermWhenTheHintNamesOne() {
    RaftCore core = leader(start(new HardState(5, 0, 0), THREE, 1, 1, 5, 5, 5));
    receive(core, new Message.AppendRejected(1, 2, 6, 5, new LogPosition(2, 5)));
    Message.Append next = onlyAppend(core.drain(), 2);
    assertEquals(new LogPosition(1, 2), next.previous());
    assertEquals(4, next.entries().size());
  }

  @Test
  void aLeaderTakesTheOldHintWithoutATermToo() {
    RaftCore core = leader(start(new HardState(5, 0, 0), THREE, 1, 1, 5, 5, 5));
    receive(core, new Message.AppendRejected(1, 2, 6, 5, new LogPosition(0, 3)));
    assertEquals(new LogPosition(5, 3), onlyAppend(core.drain(), 2).previous());
    // The joiner with an empty log.
    receive(core, new Message.AppendRejected(1, 2, 6, 3, LogPosition.ZERO));
    assertEquals(LogPosition.ZERO, onlyAppend(core.drain(), 2).previous());
  }

  @Test
  void severalAppendsAreAnsweredOnce() {
    RaftCore core = follower(5);
    receive(core, new Message.Append(1, 2, 5, LogPosition.ZERO, entries(1, 5, 5), 0));
    receive(core, new Message.Append(1, 2, 5, new LogPosition(5, 2), entries(3, 5), 1));
    receive(core, new Message.Append(1, 2, 5, LogPosition.ZERO, entries(1, 5), 2));
    Effects effects = core.drain();
    assertEquals(List.of(new Message.AppendAccepted(2, 1, 5, 3)), effects.afterPersist());
    assertEquals(entries(1, 5, 5, 5), effects.entries());
    // Committed, but not durable here yet.
    assertEquals(List.of(), effects.committed());
    step(core, new Input.Persisted(effects.batch()));
    assertEquals(entries(1, 5, 5).subList(0, 1), core.drain().committed());
  }

  @Test
  void anOvertakenAppendIsAnsweredWithTheCommit() {
    RaftCore core = core(start(new HardState(5, 0, 3), THREE, 1, 5, 5, 5));
    core.drain();
    receive(core, new Message.Append(1, 2, 5, new LogPosition(1, 1), entries(2, 4), 0));
    assertEquals(List.of(new Message.AppendAccepted(2, 1, 5, 3)), core.drain().afterPersist());
    assertEquals(4, core.lastIndex());
  }

  @Test
  void aHeartbeatBeyondTheLogMeansTheLogWasLost() {
    RaftCore core = follower(5);
    assertThrows(
        BrokenInvariant.class, () -> receive(core, new Message.Heartbeat(1, 2, 5, 1, Bytes.EMPTY)));
  }

  @Test
  void anAnswerBeyondTheOwnLogIsABrokenInvariant() {
    RaftCore core = leader(start(new HardState(5, 0, 0), THREE));
    assertThrows(
        BrokenInvariant.class, () -> receive(core, new Message.AppendAccepted(1, 2, 6, 7)));
  }

  @Test
  void aHeartbeatContextComesBackUntouched() {
    RaftCore core = follower(5);
    Bytes context = Bytes.copyOf(new byte[] {7, 0, 0, 0, 0, 0, 0, 0});
    receive(core, new Message.Heartbeat(1, 2, 5, 0, context));
    assertEquals(
        List.of(new Message.HeartbeatResponse(2, 1, 5, context)), core.drain().immediate());
  }

  @Test
  void entriesOfAnEarlierTermAreCommittedOnlyWithOneOfTheOwn() {
    RaftCore core = leader(start(new HardState(5, 0, 0), THREE, 5, 5));
    persist(core);
    receive(core, new Message.AppendAccepted(1, 2, 6, 2));
    assertEquals(0, core.commit());
    receive(core, new Message.AppendAccepted(1, 2, 6, 3));
    assertEquals(3, core.commit());
  }

  @Test
  void aBatchOfProposalsIsOneAppendForEachFollower() {
    RaftCore core = leader(start(new HardState(5, 0, 0), THREE));
    persist(core);
    receive(core, new Message.AppendAccepted(1, 2, 6, 1));
    core.drain();
    for (int i = 0; i < 100; i++) {
      step(core, new Input.Propose(List.of(Entry.proposal(Bytes.utf8("p" + i)))));
    }
    Effects effects = core.drain();
    assertEquals(1, effects.immediate().size());
    assertEquals(100, onlyAppend(effects, 2).entries().size());
    assertEquals(100, effects.entries().size());
  }

  // --- economy ---

  @Test
  void aTickThatDoesNothingAllocatesNothing() {
    RaftCore core = follower(5);
    Input tick = new Input.Tick();
    Input beat = new Input.Received(new Message.Heartbeat(1, 2, 5, 0, Bytes.EMPTY));
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      step(core, beat);
      core.drain();
      long before = threads.getCurrentThreadAllocatedBytes();
      boolean effects = false;
      for (int i = 0; i < 9; i++) {
        core.step(tick);
        effects |= core.hasEffects();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      assertFalse(effects);
    }
    assertEquals(0, least);
  }

  @Test
  void equalInputsHaveEqualEffects() {
    assertEquals(transcript(), transcript());
  }

  private static String transcript() {
    StringBuilder text = new StringBuilder();
    RaftCore core = follower(5);
    for (int i = 0; i < 60; i++) {
      step(core, new Input.Tick());
      if (i % 17 == 3) {
        receive(core, new Message.Heartbeat(1, 2, 5 + i, 0, Bytes.EMPTY));
      }
      text.append(core.drain());
    }
    return text.toString();
  }
}
