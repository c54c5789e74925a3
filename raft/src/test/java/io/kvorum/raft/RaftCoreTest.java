// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One core, message by message: what genuine members of different age say, and what they hear. */
final class RaftCoreTest {

  private static final ConfState THREE = ConfState.of(List.of(1L, 2L, 3L), List.of());

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

  // --- snapshots ---

  @Test
  void aSnapshotThatBringsNothingIsAnsweredWithTheCommit() {
    RaftCore core = core(start(new HardState(5, 0, 2), THREE, 5, 5, 5));
    core.drain();
    receive(core, install(new LogPosition(5, 2), THREE));
    assertEquals(List.of(new Message.AppendAccepted(2, 1, 5, 2)), core.drain().afterPersist());
    receive(core, install(new LogPosition(9, 100), ConfState.of(List.of(2L, 3L), List.of())));
    assertEquals(List.of(new Message.AppendAccepted(2, 1, 5, 2)), core.drain().afterPersist());
    // The log already holds this one: it is merely committed.
    receive(core, install(new LogPosition(5, 3), THREE));
    assertEquals(3, core.commit());
  }

  @Test
  void whileASnapshotIsInstalledTheOldLogRests() {
    RaftCore core = core(start(new HardState(5, 0, 0), THREE, 5, 5));
    receive(core, install(new LogPosition(5, 100), THREE));
    Effects effects = core.drain();
    assertEquals(
        Optional.of(new SnapshotMetadata(new LogPosition(5, 100), THREE)), effects.snapshot());
    assertEquals(List.of(), effects.afterPersist());
    receive(core, install(new LogPosition(5, 100), THREE));
    receive(core, new Message.Append(1, 2, 5, new LogPosition(5, 100), entries(101, 5), 101));
    receive(core, new Message.Heartbeat(1, 2, 5, 2, Bytes.EMPTY));
    effects = core.drain();
    assertEquals(List.of(new Message.HeartbeatResponse(2, 1, 5, Bytes.EMPTY)), effects.immediate());
    assertEquals(List.of(), effects.committed());
    tick(core, 50);
    assertEquals(Effects.Role.FOLLOWER, core.role());
    step(core, new Input.SnapshotInstalled(new LogPosition(5, 100)));
    effects = core.drain();
    assertEquals(List.of(new Message.AppendAccepted(2, 1, 5, 100)), effects.afterPersist());
    assertEquals(Optional.of(new HardState(5, 0, 100)), effects.hardState());
    assertFalse(effects.mustSync());
    receive(core, new Message.Append(1, 2, 5, new LogPosition(5, 100), entries(101, 5), 101));
    assertEquals(entries(101, 5), core.drain().entries());
  }

  @Test
  void entriesOfTheOldLogComeBeforeTheSnapshotThatReplacesIt() {
    RaftCore core = follower(5);
    receive(core, new Message.Append(1, 2, 5, LogPosition.ZERO, entries(1, 5), 0));
    receive(core, install(new LogPosition(5, 100), THREE));
    Effects effects = core.drain();
    assertEquals(entries(1, 5), effects.entries());
    assertEquals(Optional.empty(), effects.snapshot());
    assertTrue(core.hasEffects());
    effects = core.drain();
    assertEquals(List.of(), effects.entries());
    assertTrue(effects.snapshot().isPresent());
    assertFalse(core.hasEffects());
  }

  @Test
  void aChangeAppliedBeforeASnapshotDoesNotUndoIt() {
    RaftCore core = core(start(new HardState(5, 0, 0), THREE, 5, 5));
    receive(core, install(new LogPosition(5, 100), THREE));
    core.drain();
    step(core, new Input.SnapshotInstalled(new LogPosition(5, 100)));
    step(core, new Input.ConfigurationApplied(2, ConfState.of(List.of(1L), List.of())));
    assertEquals(THREE, core.status().conf());
  }

  @Test
  void entriesThatAreGoneFromDiskLeadToASnapshot() {
    RaftCore core = behind(LogPosition.ZERO);
    Effects effects = core.drain();
    Effects.LogRead read = effects.logReads().getFirst();
    assertEquals(new Effects.LogRead(2, 1, 4, 1 << 20), read);
    // Whatever happens meanwhile, there is one read at a time.
    step(core, new Input.Propose(List.of(Entry.proposal(Bytes.utf8("more")))));
    assertEquals(List.of(), core.drain().logReads());
    step(core, new Input.EntriesGone(2));
    assertEquals(List.of(2L), core.drain().snapshotsWanted());
  }

  @Test
  void anAnswerThatCameMeanwhileMakesAReadFutile() {
    RaftCore core = behind(LogPosition.ZERO);
    core.drain();
    receive(core, new Message.AppendAccepted(1, 2, 6, 5));
    core.drain();
    step(core, new Input.EntriesRead(2, LogPosition.ZERO, entries(1, 5, 5)));
    assertEquals(new LogPosition(6, 5), onlyAppend(core.drain(), 2).previous());
  }

  @Test
  void aSilentPeerGetsNoSnapshot() {
    RaftCore core = behind(new LogPosition(5, 2));
    assertEquals(List.of(2L), core.drain().snapshotsWanted());
    // Node 3 was never heard of; it is probed and nothing more.
    assertEquals(3, core.status().peers().get(1).id());
    assertFalse(core.status().peers().get(1).recentlyActive());
  }

  // --- membership ---

  @Test
  void aJointPhaseNeedsBothHalvesAndIsLeftByTheLeader() {
    ConfState joint =
        new ConfState(List.of(1L, 2L, 4L), List.of(), List.of(1L, 2L, 3L), List.of(), true);
    RaftCore core = leader(start(new HardState(5, 0, 0), joint));
    persist(core);
    core.drain();
    receive(core, new Message.AppendAccepted(1, 4, 6, 1));
    assertEquals(0, core.commit());
    receive(core, new Message.AppendAccepted(1, 3, 6, 1));
    assertEquals(1, core.commit());
    core.drain();
    step(core, new Input.Applied(1));
    Entry leave = core.drain().entries().getFirst();
    assertEquals(EntryType.CONF_CHANGE_V2, leave.type());
    assertTrue(leave.data().isEmpty());
    step(core, new Input.Applied(1));
    assertFalse(core.hasEffects());
  }

  @Test
  void changesWaitForEachOther() {
    RaftCore core = leader(start(new HardState(5, 0, 0), THREE));
    persist(core);
    Entry change = new Entry(EntryType.CONF_CHANGE, 0, 0, Bytes.EMPTY);
    // Nothing of the term is applied yet, so an earlier leader's change may still be under way.
    step(core, new Input.Propose(List.of(change, change)));
    receive(core, new Message.Proposal(1, 2, List.of(change)));
    Effects effects = core.drain();
    assertEquals(1, effects.entries().size());
    assertEquals(
        List.of(new Effects.Refused(change, Effects.Refused.Reason.CHANGE_PENDING)),
        effects.refused());
  }

  @Test
  void aDemotedLeaderNoLongerCountsItself() {
    RaftCore core = leader(start(new HardState(5, 0, 0), THREE));
    persist(core);
    receive(core, new Message.AppendAccepted(1, 2, 6, 1));
    persist(core);
    step(core, new Input.Applied(1));
    step(core, new Input.ConfigurationApplied(1, ConfState.of(List.of(2L, 3L), List.of(1L))));
    step(core, new Input.Propose(List.of(Entry.proposal(Bytes.utf8("x")))));
    persist(core);
    receive(core, new Message.AppendAccepted(1, 2, 6, 2));
    assertEquals(1, core.commit());
    receive(core, new Message.AppendAccepted(1, 3, 6, 2));
    assertEquals(2, core.commit());
  }

  @Test
  void aReadThatWaitsForANodeThatIsRemovedIsAnswered() {
    RaftCore core = leader(start(new HardState(5, 0, 0), THREE));
    persist(core);
    receive(core, new Message.AppendAccepted(1, 2, 6, 1));
    persist(core);
    step(core, new Input.RequestRead(Bytes.utf8("r")));
    assertEquals(List.of(), core.drain().readStates());
    step(core, new Input.ConfigurationApplied(1, ConfState.of(List.of(1L), List.of())));
    assertEquals(List.of(new Effects.ReadState(Bytes.utf8("r"), 1)), core.drain().readStates());
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

  // --- props ---

  private static RaftCore follower(long term) {
    return core(start(new HardState(term, 0, 0), THREE));
  }

  private static RaftCore core(StartState start) {
    return new RaftCore(RaftConfig.of(1), start, new SplittableRandom(1));
  }

  private static StartState start(HardState state, ConfState conf, long... terms) {
    return new StartState(
        state, conf, LogPosition.ZERO, LogPosition.ZERO, entries(1, terms), LogPosition.ZERO);
  }

  /** Node 1 as leader of the term behind the start's; its empty entry is not durable yet. */
  private static RaftCore leader(StartState start) {
    return lead(core(start));
  }

  private static RaftCore lead(RaftCore core) {
    step(core, new Input.Campaign());
    for (long voter = 2; voter <= 4; voter++) {
      receive(core, new Message.VoteResponse(1, voter, core.term() + 1, true, false));
    }
    persist(core);
    for (long voter = 2; voter <= 4; voter++) {
      receive(core, new Message.VoteResponse(1, voter, core.term(), false, false));
    }
    assertEquals(Effects.Role.LEADER, core.role());
    core.drain();
    return core;
  }

  /** A leader without a memory tail, whose follower 2 has an empty log; the log starts there. */
  private static RaftCore behind(LogPosition logStart) {
    RaftConfig config = new RaftConfig(1, 10, 1, 1 << 20, 512, 0, true, true);
    List<Entry> entries = entries(1, 5, 5, 5, 5);
    StartState start =
        new StartState(
            new HardState(5, 0, 4),
            THREE,
            logStart,
            logStart,
            entries.subList((int) logStart.index(), 4),
            new LogPosition(5, 4));
    RaftCore core = lead(new RaftCore(config, start, new SplittableRandom(1)));
    receive(core, new Message.AppendRejected(1, 2, 6, 4, LogPosition.ZERO));
    return core;
  }

  private static Message install(LogPosition position, ConfState conf) {
    return new Message.InstallSnapshot(1, 2, 5, new SnapshotMetadata(position, conf));
  }

  private static void persist(RaftCore core) {
    step(core, new Input.Persisted(core.drain().batch()));
  }

  private static void receive(RaftCore core, Message message) {
    step(core, new Input.Received(message));
  }

  private static void step(RaftCore core, Input input) {
    core.step(input);
  }

  private static void tick(RaftCore core, int count) {
    for (int i = 0; i < count; i++) {
      step(core, new Input.Tick());
    }
  }

  private static Message.Append onlyAppend(Effects effects, long to) {
    List<Message> all = effects.immediate().stream().filter(m -> m.to() == to).toList();
    assertEquals(1, all.size(), all.toString());
    return assertInstanceOf(Message.Append.class, all.getFirst());
  }

  private static List<Entry> entries(long first, long... terms) {
    List<Entry> entries = new ArrayList<>();
    for (long term : terms) {
      entries.add(new Entry(EntryType.NORMAL, term, first + entries.size(), Bytes.utf8("data")));
    }
    return entries;
  }
}
