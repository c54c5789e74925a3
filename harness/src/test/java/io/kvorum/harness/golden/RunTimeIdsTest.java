// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RunTimeIdsTest {
  private final RunTimeIds ids = new RunTimeIds();

  private void added() {
    ids.learn(command("bbbbbbbbbbbbbbbb"), command("dddddddddddddddd"));
  }

  private static Observation command(String id) {
    return new Observation(
        Map.of(
            "stdout", "Added member named m4 with ID " + id + " to cluster\n\nETCD_NAME=\"m4\"\n"));
  }

  @Test
  void nothingChangesBeforeAMemberWasAdded() {
    Observation seen = new Observation(Map.of("body", "{\"members\":[]}\n"));
    assertEquals(seen, ids.toRecorded(seen));
    assertEquals("bbbbbbbbbbbbbbbb", ids.toReplayed("bbbbbbbbbbbbbbbb"));
  }

  @Test
  void whatIsSentCarriesTheNewId() {
    added();
    assertEquals("/v2/members/dddddddddddddddd", ids.toReplayed("/v2/members/bbbbbbbbbbbbbbbb"));
  }

  @Test
  void linesComeInTheOrderOfTheRecordedIds() {
    added();
    String seen = "aaaaaaaaaaaaaaaa: x\ncccccccccccccccc: y\ndddddddddddddddd[unstarted]: z\n";
    String told = "aaaaaaaaaaaaaaaa: x\nbbbbbbbbbbbbbbbb[unstarted]: z\ncccccccccccccccc: y\n";
    assertEquals(told, told("stdout", seen));
    assertEquals(
        "member bbbbbbbbbbbbbbbb is b\nmember cccccccccccccccc is c\ncluster is healthy\n",
        told(
            "stdout",
            "member cccccccccccccccc is c\nmember dddddddddddddddd is b\ncluster is healthy\n"));
  }

  @Test
  void anIdThatIsPaddedBecauseItIsShortIsToldWithoutThePadding() {
    ids.learn(command("bbbbbbbbbbbbbbbb"), command("ddddddddddddddd"));
    assertEquals(
        "Member bbbbbbbbbbbbbbbb removed from cluster 1\n",
        told("stdout", "Member  ddddddddddddddd removed from cluster 1\n"));
  }

  @Test
  void membersInJsonToo() {
    added();
    assertEquals(
        "{\"members\":[{\"id\":\"bbbbbbbbbbbbbbbb\"},{\"id\":\"cccccccccccccccc\"}]}\n",
        told(
            "body",
            "{\"members\":[{\"id\":\"cccccccccccccccc\"},{\"id\":\"dddddddddddddddd\"}]}\n"));
    assertEquals(
        "[{\"id\":13527612320720337851},{\"id\":14757395258967641292}]\n",
        told("body", "[{\"id\":14757395258967641292},{\"id\":15987178197214944733}]\n"));
  }

  private String told(String field, String seen) {
    return ids.toRecorded(new Observation(Map.of(field, seen))).fields().getOrDefault(field, "");
  }
}
