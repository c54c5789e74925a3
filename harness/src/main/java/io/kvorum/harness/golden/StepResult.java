// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How one step ended.
 *
 * @param n its line in the recording
 * @param what the request or command, for people
 * @param departed how many listed departures it showed
 * @param problems what nobody has explained: differences, and departures that are no longer there
 */
public record StepResult(int n, Kind kind, String what, int departed, List<String> problems) {

  /** What was counted. */
  public enum Kind {
    HTTP,
    COMMAND,
    PROCESS,
    EXCLUDED
  }

  public StepResult {
    problems = List.copyOf(problems);
  }

  @Override
  public String toString() {
    return problems.stream()
        .map(problem -> "\n    " + problem)
        .collect(Collectors.joining("", "line %d  %s".formatted(n, what), ""));
  }
}
