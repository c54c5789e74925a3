// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class V3CommandComparisonTest {

  private static boolean same(String argv, String expected, String actual) {
    return new V3CommandComparison(Arrays.asList(argv.split(" ")), 2)
        .same("stdout", expected, actual);
  }

  @Test
  void revisionsAndValuesCount() {
    assertFalse(same("get a", "a\n1\n", "a\n2\n"));
    assertFalse(same("get a -w json", "{\"revision\":5}\n", "{\"revision\":6}\n"));
    assertFalse(same("get a -w fields", "\"Revision\" : 5\n", "\"Revision\" : 6\n"));
  }

  @Test
  void timesTermsAndHashesDoNotCount() {
    assertTrue(same("x", "took = 1.5ms\n", "took = 200.25\u00b5s\n"));
    assertTrue(same("x -w json", "{\"raft_term\":2}\n", "{\"raft_term\":12}\n"));
    assertTrue(same("x -w json", "{\"hash\":2,\"revision\":1}\n", "{\"hash\":1,\"revision\":1}\n"));
    assertTrue(same("s", "2a2fb74d, 57, 60, 25 kB\n", "1, 57, 60, 4.1 kB\n"));
    assertFalse(same("s", "2a2fb74d, 57, 60, 25 kB\n", "1, 58, 60, 4.1 kB\n"));
    assertTrue(same("s -w table", "|   TOOK   |\n| 1.5ms |\n", "| TOOK |\n|   12.25ms |\n"));
  }

  @Test
  void logLinesOfTheRecordedClientDoNotCount() {
    V3CommandComparison comparison = new V3CommandComparison(List.of("get"), 0);
    assertTrue(comparison.same("stderr", "{\"level\":\"warn\"}\nError: x\n", "Error: x\n"));
    assertFalse(comparison.same("stderr", "{\"level\":\"warn\"}\nError: x\n", "Error: y\n"));
  }

  @Test
  void theOrderOfLeasesAndTheirKeysDoesNotCount() {
    assertTrue(same("lease list", "found 2 leases\nb\na\n", "found 2 leases\na\nb\n"));
    assertFalse(same("lease list", "found 2 leases\nb\na\n", "found 2 leases\na\nc\n"));
    assertTrue(
        same(
            "lease timetolive 1 --keys",
            "lease 1 granted with TTL(9s), remaining(8s), attached keys([k2 k1])\n",
            "lease 1 granted with TTL(9s), remaining(6s), attached keys([k1 k2])\n"));
    assertFalse(
        same(
            "lease timetolive 1 --keys",
            "lease 1 granted with TTL(9s), remaining(8s), attached keys([k2 k1])\n",
            "lease 1 granted with TTL(9s), remaining(3s), attached keys([k1 k2])\n"));
  }

  @Test
  void aBinaryAnswerIsComparedFieldByField() {
    V3CommandComparison comparison = new V3CommandComparison(List.of("get"), 0);
    String recorded = "ChkIiO2ajMGn5LlgEK/7/4ShyNzp6AEYAiACEhAKA2ZvbxACGAIgASoDYmFyIAE=";
    String otherTerm = "ChkIiO2ajMGn5LlgEK/7/4ShyNzp6AEYAiADEhAKA2ZvbxACGAIgASoDYmFyIAE=";
    String otherRevision = "ChkIiO2ajMGn5LlgEK/7/4ShyNzp6AEYAyACEhAKA2ZvbxACGAIgASoDYmFyIAE=";
    assertEquals(true, comparison.same("stdout_base64", recorded, otherTerm));
    assertEquals(false, comparison.same("stdout_base64", recorded, otherRevision));
  }
}
