// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.harness.golden.Departures;
import io.kvorum.harness.golden.GatewayReplay;
import io.kvorum.harness.golden.ReplayReport;
import io.kvorum.harness.golden.StepResult.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our programs answer over JSON what etcd 3.4.23 answered, apart from the reviewed list of
 * departures. The counts are asserted, so that no step can get lost.
 */
class GatewayRecordingsTest {
  @TempDir private Path folder;

  @Test
  void keysWatchesLeasesLocksMembersAndMaintenanceAnswerAsRecorded() {
    replay("3.4.23/gateway-01-kv", 263);
  }

  @Test
  void usersAndRolesAnswerAsRecorded() {
    replay("3.4.23/gateway-02-auth", 119);
  }

  @Test
  void threeMembersAnswerAsRecorded() {
    replay("3.4.23/gateway-04-cluster3", 29);
  }

  private void replay(String recording, int steps) {
    ReplayReport report =
        GatewayReplay.run(recording, DistributionUnderTest.find(), Departures.ours(), folder);
    System.out.println(report);
    assertEquals(steps, report.count(Kind.HTTP));
    assertEquals(List.of(), report.failed(), report.toString());
  }
}
