// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class PersistMarksTest {

  private final PersistMarks marks = new PersistMarks(5, new HardState(1, 0, 5));

  @Test
  void whatTheNodeWokeUpWithIsDurable() {
    assertEquals(5, marks.durableIndex());
    assertTrue(marks.isDurable(1));
    assertFalse(marks.isDurable(1, 7));
  }

  @Test
  void oneReportMayCoverManyBatches() {
    long first = marks.handOver(6, 1, 0);
    long second = marks.handOver(8, 1, 0);
    long third = marks.handOver(9, 2, 7);
    marks.persisted(second);
    assertEquals(8, marks.durableIndex());
    assertFalse(marks.isDurable(2));
    marks.persisted(third);
    marks.persisted(first); // Late, and no news.
    assertEquals(9, marks.durableIndex());
    assertTrue(marks.isDurable(2, 7));
  }

  @Test
  void aVoteAloneIsABatchToo() {
    marks.handOver(5, 2, 0);
    long vote = marks.handOver(5, 2, 7);
    marks.persisted(vote - 1);
    assertTrue(marks.isDurable(2));
    assertFalse(marks.isDurable(2, 7));
    marks.persisted(vote);
    assertTrue(marks.isDurable(2, 7));
  }

  @Test
  void aLateReportForACutEndIsWorthOnlyWhatIsBeforeTheCut() {
    long old = marks.handOver(9, 1, 0);
    marks.truncatedAfter(6);
    long again = marks.handOver(9, 2, 0);
    marks.persisted(old);
    assertEquals(6, marks.durableIndex());
    marks.persisted(again);
    assertEquals(9, marks.durableIndex());
  }

  @Test
  void cuttingBehindTheDurableEndMovesItBack() {
    marks.truncatedAfter(3);
    assertEquals(3, marks.durableIndex());
  }

  @Test
  void aSnapshotIsDurableAtOnceAndStaysSo() {
    long old = marks.handOver(9, 2, 7);
    marks.restarted(100);
    assertEquals(100, marks.durableIndex());
    marks.persisted(old);
    assertEquals(100, marks.durableIndex());
    assertTrue(marks.isDurable(2, 7));
  }

  @Test
  void nothingIsPersistedBeforeItWasHandedOver() {
    assertThrows(BrokenInvariant.class, () -> marks.persisted(1));
  }
}
