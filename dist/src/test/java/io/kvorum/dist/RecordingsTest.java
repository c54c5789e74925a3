// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.harness.golden.Departures;
import io.kvorum.harness.golden.Replay;
import io.kvorum.harness.golden.ReplayReport;
import io.kvorum.harness.golden.StepResult.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our programs say what etcd 2.3.7 said, and for v3 what 3.4.23 said, byte for byte, apart from the
 * reviewed list of departures. The counts are asserted, so that no step can get lost.
 */
class RecordingsTest {
  @TempDir private Path folder;

  @Test
  void theServerAnswersEveryRequestAsRecorded() {
    ReplayReport report = replay("2.3.7/01-http-single");
    assertEquals(371, report.count(Kind.HTTP));
    assertEquals(0, report.count(Kind.EXCLUDED));
    assertEquals(List.of(), report.failed(), report.toString());
  }

  @Test
  void usersAndRolesAnswerEveryRequestAsRecorded() {
    ReplayReport report = replay("2.3.7/02-auth-single");
    assertEquals(126, report.count(Kind.HTTP));
    assertEquals(0, report.count(Kind.EXCLUDED));
    assertEquals(List.of(), report.failed(), report.toString());
  }

  @Test
  void theClientPrintsForEveryCommandWhatWasRecorded() {
    ReplayReport report = replay("2.3.7/03-cli-single");
    assertEquals(315, report.count(Kind.COMMAND));
    assertEquals(0, report.count(Kind.EXCLUDED));
    assertEquals(List.of(), report.failed(), report.toString());
  }

  @Test
  void threeMembersStoppedAndStartedAndHungAnswerAsRecorded() {
    ReplayReport report = replay("2.3.7/04-cluster3");
    assertEquals(51, report.count(Kind.HTTP));
    assertEquals(50, report.count(Kind.COMMAND));
    assertEquals(0, report.count(Kind.EXCLUDED));
    assertEquals(List.of(), report.failed(), report.toString());
  }

  @Test
  void membersAddedAndRemovedAndRefusedAnswerAsRecorded() {
    ReplayReport report = replay("2.3.7/05-reconfig");
    assertEquals(8, report.count(Kind.HTTP));
    assertEquals(19, report.count(Kind.COMMAND));
    assertEquals(0, report.count(Kind.EXCLUDED));
    assertEquals(List.of(), report.failed(), report.toString());
  }

  @Test
  void theClientOfTheNewApiPrintsForEveryCommandWhatWasRecorded() {
    ReplayReport report = replay("3.4.23/cli-01-kv");
    assertEquals(266, report.count(Kind.COMMAND));
    assertEquals(0, report.count(Kind.EXCLUDED));
    assertEquals(List.of(), report.failed(), report.toString());
  }

  @Test
  void usersAndRolesOfTheNewApiPrintWhatWasRecorded() {
    ReplayReport report = replay("3.4.23/cli-02-auth");
    assertEquals(82, report.count(Kind.COMMAND));
    assertEquals(0, report.count(Kind.EXCLUDED));
    assertEquals(List.of(), report.failed(), report.toString());
  }

  @Test
  void endpointsMirrorsAndElectionsPrintWhatWasRecorded() {
    ReplayReport report = replay("3.4.23/cli-03-misc");
    assertEquals(39, report.count(Kind.COMMAND));
    assertEquals(1, report.count(Kind.EXCLUDED));
    assertEquals(List.of(), report.failed(), report.toString());
  }

  private ReplayReport replay(String recording) {
    ReplayReport report =
        Replay.run(recording, DistributionUnderTest.find(), Departures.ours(), folder);
    System.out.println(report);
    return report;
  }
}
