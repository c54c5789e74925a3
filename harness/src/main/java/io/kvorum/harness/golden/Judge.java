// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says what is wrong with an observation. A listed departure changes what is expected in its field,
 * and must really be one: when the recorded value would do, the list is out of date, which is an
 * error too.
 */
record Judge(String transcript, Departures departures, AddressPlan addresses) {

  StepResult judge(
      int n,
      StepResult.Kind kind,
      String what,
      Comparison comparison,
      Observation recorded,
      Observation actual) {
    List<Departure.Differs> listed = departures.differing(transcript, n);
    Set<String> differing =
        comparison.differences(recorded, actual).stream()
            .map(Difference::field)
            .collect(Collectors.toSet());
    List<String> problems = new ArrayList<>();
    Observation expected = recorded;
    for (Departure.Differs departure : listed) {
      if (!differing.contains(departure.field())) {
        problems.add("listed as a departure, but %s is as recorded".formatted(departure.field()));
      }
      expected = expected.with(departure.field(), departure.ours().map(addresses::apply));
    }
    comparison.differences(expected, actual).forEach(d -> problems.add(d.toString()));
    return new StepResult(n, kind, what, listed.size(), problems);
  }
}
