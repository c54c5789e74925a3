// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeadersTest {
  private final List<Step> steps =
      Transcript.read("2.3.7/04-cluster3", AddressPlan.recorded()).steps();

  @Test
  void theLeaderIsTheOneThatTheNextListingTellsOf() {
    assertEquals(Optional.of("master2"), toldFromLine(5));
    assertEquals(Optional.of("master1"), toldFromLine(90));
  }

  @Test
  void nobodyIsToldOfBeforeTheServersChangeAgain() {
    assertEquals(Optional.empty(), toldFromLine(49));
  }

  private Optional<String> toldFromLine(int n) {
    return Leaders.told(steps, n - 1);
  }
}
