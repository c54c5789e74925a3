// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final String NODE =
      "{\"node\":{\"key\":\"/a\",\"expiration\":\"%s\",\"ttl\":%d}}\n";

  /** Where any text of the right kind is accepted, so that a changed one is not noticed. */
  private static final Set<String> VOLATILE_BODIES = Set.of("/debug/vars", "/metrics");

  @Test
  void everyChangedFieldOfEveryRecordedAnswerIsNoticed() {
    Transcript transcript = Transcript.read("2.3.7/01-http-single", AddressPlan.recorded());
    Set<String> unnoticed = new TreeSet<>();
    int tried = 0;
    for (Step step : transcript.steps()) {
      if (step instanceof Step.Http http) {
        Comparison comparison = new HttpComparison(http.call().target(), 0);
        assertEquals(List.of(), comparison.differences(http.recorded(), http.recorded()));
        for (String field : http.recorded().fields().keySet()) {
          tried++;
          if (!noticesChange(comparison, http.recorded(), field)) {
            unnoticed.add(http.call().target() + " " + field);
          }
        }
      }
    }
    Set<String> expected = new TreeSet<>();
    VOLATILE_BODIES.forEach(target -> expected.add(target + " body"));
    assertEquals(expected, unnoticed);
    assertTrue(tried > 2000, "tried only " + tried);
  }

  @Test
  void everyChangedOutputOfEveryRecordedCommandIsNoticed() {
    Transcript transcript = Transcript.read("2.3.7/03-cli-single", AddressPlan.recorded());
    int tried = 0;
    for (Step step : transcript.steps()) {
      if (step instanceof Step.Command command) {
        Comparison comparison = new CommandComparison(command.argv(), 0);
        assertEquals(List.of(), comparison.differences(command.recorded(), command.recorded()));
        for (String field : command.recorded().fields().keySet()) {
          tried++;
          assertTrue(noticesChange(comparison, command.recorded(), field), step + " " + field);
        }
      }
    }
    assertEquals(915, tried);
  }

  private static boolean noticesChange(Comparison comparison, Observation recorded, String field) {
    String value = recorded.fields().getOrDefault(field, "");
    Observation longer = recorded.with(field, Optional.of(value + "!"));
    Observation missing = recorded.without(field);
    return isOnly(field, comparison.differences(recorded, longer))
        && isOnly(field, comparison.differences(recorded, missing));
  }

  private static boolean isOnly(String field, List<Difference> found) {
    return found.size() == 1 && found.get(0).field().equals(field);
  }

  @Test
  void expirationMustBeATimeAndTtlMayBeOneOff() {
    String recorded = NODE.formatted("2026-11-22T05:23:46.157542449Z", 100);
    assertTrue(sameBody("/v2/keys/a", recorded, NODE.formatted("2027-01-02T00:00:00.5Z", 99)));
    assertTrue(sameBody("/v2/keys/a", recorded, NODE.formatted("2027-01-02T00:00:00Z", 101)));
    assertFalse(sameBody("/v2/keys/a", recorded, NODE.formatted("2027-01-02T00:00:00.50Z", 100)));
    assertFalse(sameBody("/v2/keys/a", recorded, NODE.formatted("2027-01-02T00:00:00+01:00", 100)));
    assertFalse(sameBody("/v2/keys/a", recorded, NODE.formatted("2027-01-02T00:00:00Z", 98)));
  }

  @Test
  void ttlMayBeLowerByTheLagOnly() {
    assertTrue(JsonComparison.sameTtl(60, 55, 4));
    assertFalse(JsonComparison.sameTtl(60, 54, 4));
    assertFalse(JsonComparison.sameTtl(60, 62, 4));
  }

  @Test
  void orderOfNodesCountsOnlyWhenItWasAskedFor() {
    String one = "{\"nodes\":[{\"key\":\"/a\"},{\"key\":\"/b\"}]}";
    String other = "{\"nodes\":[{\"key\":\"/b\"},{\"key\":\"/a\"}]}";
    assertTrue(sameBody("/v2/keys/", one, other));
    assertFalse(sameBody("/v2/keys/?sorted=true", one, other));
    assertFalse(sameBody("/v2/keys/", one, "{\"nodes\":[{\"key\":\"/b\"},{\"key\":\"/b\"}]}"));
  }

  @Test
  void orderOfMembersAndSpacesAndEscapesCount() {
    assertFalse(sameBody("/v2/keys/a", "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}"));
    assertFalse(sameBody("/v2/keys/a", "{\"a\":1}", "{\"a\": 1}"));
    assertFalse(sameBody("/v2/keys/a", "\"\\u003c\"", "\"<\""));
    assertFalse(sameBody("/v2/keys/a", "{\"a\":1}\n", "{\"a\":1}"));
  }

  private static boolean sameBody(String target, String one, String other) {
    return new HttpComparison(target, 0).same("body", one, other);
  }

  @Test
  void errorLinesMayComeInAnyOrderButMustCountUp() {
    String recorded = "Error:  client: x\nerror #0: a\nerror #1: b\n\n";
    assertTrue(sameErrors(recorded, "Error:  client: x\nerror #0: b\nerror #1: a\n\n"));
    assertFalse(sameErrors(recorded, "Error:  client: x\nerror #1: a\nerror #0: b\n\n"));
    assertFalse(sameErrors(recorded, "Error:  client: x\nerror #0: a\nerror #1: a\n\n"));
    assertFalse(sameErrors(recorded, "error #0: a\nerror #1: b\nError:  client: x\n\n"));
  }

  private static boolean sameErrors(String one, String other) {
    return new CommandComparison(List.of("etcdctl", "get", "a"), 0).same("stderr", one, other);
  }

  @Test
  void anUnsortedListingHasErrorsInAnyOrderToo() {
    CommandComparison unsorted = new CommandComparison(List.of("etcdctl", "ls"), 0);
    assertTrue(unsorted.same("stderr", "error #0: a\nerror #1: b\n", "error #0: b\nerror #1: a\n"));
    assertFalse(unsorted.same("stderr", "a\nb\n", "b\na\n"));
  }

  @Test
  void anUnsortedListingIsASet() {
    CommandComparison unsorted = new CommandComparison(List.of("etcdctl", "ls"), 0);
    assertTrue(unsorted.same("stdout", "/a\n/b\n", "/b\n/a\n"));
    assertFalse(unsorted.same("stdout", "/a\n/b\n", "/b\n"));
    CommandComparison sorted = new CommandComparison(List.of("etcdctl", "ls", "--sort"), 0);
    assertFalse(sorted.same("stdout", "/a\n/b\n", "/b\n/a\n"));
  }

  @Test
  void aListedDepartureReplacesWhatWasRecorded() {
    Observation recorded = new Observation(Map.of("status", "200", "body", "old"));
    Observation ours = new Observation(Map.of("status", "200", "body", "new"));
    assertEquals(List.of(), judge("new", recorded, ours).problems());
    assertEquals(1, judge("newer", recorded, ours).problems().size());
    assertEquals(
        1, judge("new", recorded, ours.with("status", Optional.of("500"))).problems().size());
  }

  @Test
  void aListedDepartureThatIsNoneAnyMoreIsAnError() {
    Observation recorded = new Observation(Map.of("status", "200", "body", "old"));
    List<String> problems = judge("new", recorded, recorded).problems();
    assertTrue(problems.get(0).startsWith("listed as a departure, but body"), problems.toString());
  }

  private static StepResult judge(String ours, Observation recorded, Observation actual) {
    Departures departures =
        Departures.parse(
            "# a comment\n{\"file\":\"f\",\"n\":1,\"field\":\"body\",\"ours\":\"%s\",\"reason\":\"r\"}"
                .formatted(ours));
    return new Judge("f", departures, AddressPlan.recorded())
        .judge(1, StepResult.Kind.HTTP, "GET /", new HttpComparison("/", 0), recorded, actual);
  }
}
