// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RaftLogTest {

  /** Terms 1 1 2 2 3, all durable, the first two committed and applied. */
  private final RaftLog log = log(Long.MAX_VALUE, 2, 2, 1, 1, 2, 2, 3);

  @Test
  void entriesItHoldsAreLeftAlone() {
    assertEquals(4, log.append(new LogPosition(1, 2), entries(3, 2, 2)));
    assertEquals(5, log.lastIndex());
    assertFalse(log.hasNewEntries());
  }

  @Test
  void theFirstEntryThatDiffersCutsOffTheRest() {
    assertEquals(6, log.append(new LogPosition(2, 3), entries(4, 4, 4, 4)));
    assertEquals(new LogPosition(4, 6), log.last());
    assertEquals(3, log.durableIndex());
    assertEquals(entries(4, 4, 4, 4), log.takeNewEntries());
  }

  @Test
  void aCommittedEntryIsNeverReplaced() {
    log.commitTo(4);
    assertThrows(BrokenInvariant.class, () -> log.append(new LogPosition(2, 3), entries(4, 4, 4)));
  }

  @Test
  void aGapInAnAppendIsRefused() {
    List<Entry> broken = List.of(entry(6, 3), entry(8, 3));
    assertThrows(BrokenInvariant.class, () -> log.append(new LogPosition(3, 5), broken));
  }

  @Test
  void commitNeverMovesBackAndNeverBeyondTheEnd() {
    assertTrue(log.commitTo(4));
    assertFalse(log.commitTo(3));
    assertEquals(4, log.commit());
    assertThrows(BrokenInvariant.class, () -> log.commitTo(6));
  }

  @Test
  void onlyWhatIsDurableHereIsHandedOutForApplication() {
    log.append(entry(6, 3));
    log.takeNewEntries();
    long batch = log.marks().handOver(6, 3, 0);
    log.commitTo(6);
    assertEquals(entries(3, 2, 2, 3), log.takeCommitted());
    assertFalse(log.hasCommitted());
    log.persisted(batch);
    assertEquals(List.of(entry(6, 3)), log.takeCommitted());
  }

  @Test
  void hintsFindWhereTwoLogsCanAgree() {
    assertEquals(new LogPosition(3, 5), log.lastAgreeable(9, 7));
    assertEquals(new LogPosition(2, 4), log.lastAgreeable(9, 2));
    assertEquals(new LogPosition(1, 2), log.lastAgreeable(4, 1));
    assertEquals(new LogPosition(0, 0), log.lastAgreeable(2, 0));
  }

  @Test
  void onlyAppliedAndDurableEntriesLeaveMemory() {
    RaftLog small = log(0, 3, 5, 1, 1, 2, 2, 3);
    assertEquals(3, small.evictedIndex());
    assertEquals(2, small.termAt(3));
    assertEquals(RaftLog.UNKNOWN_TERM, small.termAt(2));
    assertEquals(entries(4, 2, 3), small.takeCommitted());
    small.applied(5);
    assertEquals(5, small.evictedIndex());
    assertEquals(0, small.tailBytes());
    small.append(entry(6, 3));
    small.commitTo(6);
    small.takeNewEntries();
    long batch = small.marks().handOver(6, 3, 0);
    assertFalse(small.hasCommitted());
    assertEquals(5, small.evictedIndex());
    small.persisted(batch);
    small.takeCommitted();
    small.applied(6);
    assertEquals(6, small.evictedIndex());
    assertEquals(new LogPosition(3, 6), small.last());
  }

  @Test
  void chunksEndAtTheirSizeButHoldAtLeastOne() {
    assertEquals(entries(2, 1, 2), log.chunk(2));
    assertEquals(entries(5, 3), log.chunk(5));
    assertEquals(List.of(), log.chunk(6));
    log.append(new Entry(EntryType.NORMAL, 3, 6, Bytes.wrap(new byte[1000])));
    assertEquals(1, log.chunk(6).size());
  }

  @Test
  void followersInStepAndTheDiskShareOneChunk() {
    log.append(entry(6, 3));
    log.append(entry(7, 3));
    List<Entry> chunk = log.chunk(6);
    assertSame(chunk, log.chunk(6));
    assertSame(chunk, log.takeNewEntries());
  }

  @Test
  void aSnapshotStartsTheLogAnew() {
    log.restart(new LogPosition(9, 100));
    assertEquals(100, log.commit());
    assertEquals(new LogPosition(9, 100), log.last());
    assertEquals(9, log.termAt(100));
    assertFalse(log.hasCommitted());
    assertFalse(log.hasNewEntries());
    assertEquals(100, log.reachableFrom());
  }

  @Test
  void aChangeIsNoticedWhenItIsCommitted() {
    log.append(new Entry(EntryType.CONF_CHANGE, 3, 6, Bytes.EMPTY));
    log.append(entry(7, 3));
    assertEquals(0, log.committedChange());
    log.commitTo(7);
    assertEquals(6, log.committedChange());
  }

  @Test
  void ofSeveralChangesInALogAllButTheLastAreCommitted() {
    List<Entry> entries = new ArrayList<>(entries(1, 1, 1));
    for (long index = 3; index <= 5; index++) {
      entries.add(new Entry(EntryType.CONF_CHANGE, 1, index, Bytes.EMPTY));
    }
    StartState start =
        new StartState(
            new HardState(1, 0, 2),
            ConfState.EMPTY,
            LogPosition.ZERO,
            LogPosition.ZERO,
            entries,
            LogPosition.ZERO);
    assertEquals(4, new RaftLog(start, 100, 100).commit());
  }

  @Test
  void aLogThatLostItsEndIsNotStartedWith() {
    assertThrows(BrokenInvariant.class, () -> log(100, 6, 2, 1, 1, 2, 2, 3));
    assertThrows(BrokenInvariant.class, () -> log(100, 2, 6, 1, 1, 2, 2, 3));
  }

  @Test
  void reportsThatCanNotBeTrueAreBrokenInvariants() {
    assertThrows(BrokenInvariant.class, () -> log.applied(3));
    assertThrows(BrokenInvariant.class, () -> log.released(new LogPosition(2, 3)));
  }

  private static RaftLog log(long tailBytesMax, long applied, long commit, long... terms) {
    List<Entry> entries = entries(1, terms);
    LogPosition at =
        applied > entries.size()
            ? new LogPosition(9, applied)
            : entries.get((int) applied - 1).position();
    return new RaftLog(
        new StartState(
            new HardState(3, 0, commit),
            ConfState.EMPTY,
            LogPosition.ZERO,
            LogPosition.ZERO,
            entries,
            at),
        2 * RaftWire.size(entry(1, 1)),
        tailBytesMax);
  }

  private static List<Entry> entries(long first, long... terms) {
    List<Entry> entries = new ArrayList<>();
    for (long term : terms) {
      entries.add(entry(first + entries.size(), term));
    }
    return entries;
  }

  private static Entry entry(long index, long term) {
    return new Entry(EntryType.NORMAL, term, index, Bytes.utf8("data"));
  }
}
