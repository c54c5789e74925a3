// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ProgressTest {

  private final Progress peer = new Progress(2, 11, 3);

  @Test
  void aProbeIsOneAppendAndThenSilence() {
    assertFalse(peer.isPaused());
    peer.sent(12, 5);
    assertTrue(peer.isPaused());
    assertEquals(11, peer.next());
  }

  @Test
  void anAcceptedProbeOpensThePipeline() {
    peer.sent(12, 5);
    assertTrue(peer.accepted(12, 0));
    check(Progress.State.REPLICATE, 12, 13);
    peer.sent(15, 5);
    peer.sent(18, 5);
    check(Progress.State.REPLICATE, 12, 19);
    assertFalse(peer.isPaused());
    peer.sent(20, 5);
    assertTrue(peer.isPaused());
    peer.accepted(15, 0);
    assertFalse(peer.isPaused());
    assertEquals(2, peer.inflightCount());
  }

  @Test
  void aRejectedProbeGoesBackToTheHintButNotBehindTheMatch() {
    peer.sent(12, 5);
    peer.rejected(9, 3);
    check(Progress.State.PROBE, 0, 11); // Of an older append: ignored.
    assertTrue(peer.isPaused());
    peer.rejected(10, 3);
    check(Progress.State.PROBE, 0, 4);
    assertFalse(peer.isPaused());
    peer.rejected(3, 0);
    check(Progress.State.PROBE, 0, 1);
  }

  @Test
  void aRejectionInThePipelineProbesBehindTheMatch() {
    peer.accepted(12, 0);
    peer.sent(15, 5);
    peer.rejected(12, 1);
    check(Progress.State.REPLICATE, 12, 16); // It holds 12: an answer overtaken by another.
    peer.rejected(15, 12);
    check(Progress.State.PROBE, 12, 13);
    assertEquals(0, peer.inflightCount());
  }

  @Test
  void anUnreachableFollowerIsProbed() {
    peer.accepted(12, 0);
    peer.sent(15, 5);
    peer.unreachable();
    check(Progress.State.PROBE, 12, 13);
  }

  @Test
  void onlyTheAnswerToARegularHeartbeatRepeatsAProbe() {
    peer.sent(12, 5);
    peer.heartbeatAnswered();
    assertTrue(peer.isPaused());
    peer.watchForLostAppend(12);
    peer.heartbeatAnswered();
    assertFalse(peer.isPaused());
  }

  @Test
  void aQuietPipelineIsCheckedAfterAHeartbeat() {
    peer.accepted(12, 0);
    peer.sent(15, 12);
    assertFalse(peer.wantsWord(12));
    peer.watchForLostAppend(15);
    assertFalse(peer.wantsWord(12));
    peer.heartbeatAnswered();
    assertTrue(peer.wantsWord(12));
    peer.sent(15, 12);
    assertFalse(peer.wantsWord(12));
    peer.accepted(15, 0);
    peer.watchForLostAppend(15);
    peer.heartbeatAnswered();
    assertFalse(peer.wantsWord(12));
  }

  @Test
  void aCommitIndexIsToldOnce() {
    peer.accepted(12, 0);
    peer.sent(15, 12);
    assertTrue(peer.wantsWord(14));
    peer.sent(15, 14);
    assertFalse(peer.wantsWord(14));
    assertTrue(peer.wantsWord(99));
    peer.sent(15, 99);
    assertFalse(peer.wantsWord(100)); // It knows all it can use: its log ends at 15.
  }

  @Test
  void aSnapshotSilencesEverythingUntilItIsThereOrLost() {
    peer.snapshotLeaves(20);
    assertTrue(peer.isPaused());
    assertFalse(peer.wantsWord(99));
    peer.rejected(10, 3);
    check(Progress.State.SNAPSHOT, 0, 11);
    peer.snapshotSent(true);
    check(Progress.State.PROBE, 0, 21);
    assertTrue(peer.isPaused());
  }

  @Test
  void aLostSnapshotLeadsBackToTheMatch() {
    peer.accepted(4, 0);
    peer.snapshotLeaves(20);
    peer.snapshotSent(false);
    check(Progress.State.PROBE, 4, 5);
  }

  @Test
  void aFollowerThatTheLogReachesAgainNeedsNoSnapshot() {
    peer.snapshotLeaves(20);
    peer.accepted(14, 15);
    check(Progress.State.SNAPSHOT, 14, 15);
    peer.accepted(16, 15);
    check(Progress.State.REPLICATE, 16, 17);
    peer.snapshotSent(true);
    check(Progress.State.REPLICATE, 16, 17);
  }

  private void check(Progress.State state, long match, long next) {
    assertEquals(state, peer.state());
    assertEquals(match, peer.match());
    assertEquals(next, peer.next());
  }
}
