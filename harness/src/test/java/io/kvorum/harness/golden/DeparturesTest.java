// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
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
  void onlyTheMeasuringOfTheMachineIsExcluded() {
    assertEquals(
        List.of("3.4.23/cli-03-misc 40"),
        Departures.ours().all().stream()
            .filter(d -> d instanceof Departure.Excluded)
            .map(d -> d.file() + " " + d.n())
            .toList());
  }

  @Test
  void thePageShowsTheList() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "compatibility.md"));
    String table = DeparturesTable.render(Departures.ours());
    assertTrue(page.contains(table), "docs/compatibility.md must have this table:\n" + table);
  }
}
