// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeparturesTest {

  @Test
  void everyListedLineIsInItsRecordingAndHasAReason() {
    Set<String> seen = new HashSet<>();
    for (Departure departure : Departures.ours().all()) {
      int lines = Transcript.lines(departure.file()).size();
      assertTrue(departure.n() >= 1 && departure.n() <= lines, departure.toString());
      assertFalse(departure.reason().isBlank(), departure.toString());
      String field = departure instanceof Departure.Differs differs ? differs.field() : "";
      String place = departure.file() + " " + departure.n() + " " + field;
      assertTrue(seen.add(place), "listed twice: " + place);
    }
  }

  @Test
  void onlyStepsOfTheNextIssueAreExcluded() {
    long excluded =
        Departures.ours().all().stream().filter(d -> d instanceof Departure.Excluded).count();
    long afterTheFirst =
        Departures.ours().all().stream()
            .filter(d -> d instanceof Departure.Excluded)
            .filter(d -> d.file().equals("2.3.7/03-cli-single") && d.n() >= 251)
            .count();
    assertEquals(76, excluded);
    assertEquals(76, afterTheFirst);
  }
}
