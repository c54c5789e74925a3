// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The results of one replay, in the recording's order; one for each step that has a result.
 *
 * @param lag how many seconds longer it took than the recording; much of it lets keys expire early
 */
public record ReplayReport(String transcript, long lag, List<StepResult> results) {
  public ReplayReport {
    results = List.copyOf(results);
  }

  /** How many steps of that kind were counted. */
  public long count(StepResult.Kind kind) {
    return results.stream().filter(r -> r.kind() == kind).count();
  }

  /** The steps that did not go as expected. */
  public List<StepResult> failed() {
    return results.stream().filter(r -> !r.problems().isEmpty()).toList();
  }

  /** A report for people: a summary line, then each step that failed. */
  @Override
  public String toString() {
    long departed = results.stream().mapToLong(StepResult::departed).sum();
    String summary =
        "%s: %d HTTP steps, %d commands, %d excluded, %d listed departures, %d steps failed, %d s behind the recording"
            .formatted(
                transcript,
                count(StepResult.Kind.HTTP),
                count(StepResult.Kind.COMMAND),
                count(StepResult.Kind.EXCLUDED),
                departed,
                failed().size(),
                lag);
    return failed().stream()
        .map(result -> "\n" + result)
        .collect(Collectors.joining("", summary, ""));
  }
}
