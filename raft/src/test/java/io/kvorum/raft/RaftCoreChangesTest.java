// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static io.kvorum.raft.OneCore.THREE;
import static io.kvorum.raft.OneCore.behind;
import static io.kvorum.raft.OneCore.core;
import static io.kvorum.raft.OneCore.entries;
import static io.kvorum.raft.OneCore.follower;
import static io.kvorum.raft.OneCore.install;
import static io.kvorum.raft.OneCore.leader;
import static io.kvorum.raft.OneCore.onlyAppend;
import static io.kvorum.raft.OneCore.persist;
import static io.kvorum.raft.OneCore.receive;
import static io.kvorum.raft.OneCore.start;
import static io.kvorum.raft.OneCore.step;
import static io.kvorum.raft.OneCore.tick;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One core, message by message, while its log is replaced or its configuration changes. */
final class RaftCoreChangesTest {

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

  /**
   * A follower may have applied a change, and told its client so, before the leader has: the
   * client's next change must not get lost at the leader.
   */
  @Test
  void aForwardedChangeWaitsUntilTheLeaderHasAppliedTheOneBeforeIt() {
    RaftCore core = leader(start(new HardState(5, 0, 0), THREE));
    Entry first = new Entry(EntryType.CONF_CHANGE, 0, 0, Bytes.EMPTY);
    Entry second = new Entry(EntryType.CONF_CHANGE, 0, 0, Bytes.EMPTY);
    persist(core);
    receive(core, new Message.AppendAccepted(1, 2, 6, 1));
    core.drain();
    step(core, new Input.Applied(1));
    receive(core, new Message.Proposal(1, 2, List.of(first, second)));
    assertEquals(2, core.drain().entries().getLast().index());
    persist(core);
    receive(core, new Message.AppendAccepted(1, 2, 6, 2));
    assertEquals(2, core.commit());
    assertEquals(List.of(), core.drain().entries());
    step(core, new Input.ConfigurationApplied(2, THREE));
    step(core, new Input.Applied(2));
    Entry placed = core.drain().entries().getLast();
    assertEquals(EntryType.CONF_CHANGE, placed.type());
    assertEquals(3, placed.index());
    step(core, new Input.Applied(2));
    assertFalse(core.hasEffects(), "it is placed once");
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
}
