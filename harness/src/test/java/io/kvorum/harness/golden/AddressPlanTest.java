// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AddressPlanTest {

  @Test
  void idsFollowTheRecordedRecipe() {
    long single = MemberIds.member(List.of("http://127.0.0.1:23800"), "etcd-cluster");
    assertEquals("2e1259d415f2a040", Long.toHexString(single));
    assertEquals("48276a8f75b6a87", Long.toHexString(MemberIds.cluster(List.of(single))));
    List<Long> three =
        Stream.of("10", "20", "30")
            .map(x -> MemberIds.member(List.of("http://192.168.0." + x + ":2380"), "mytoken"))
            .toList();
    assertEquals(
        List.of("b22cf29c2bebb484", "b19e62a463d4b18e", "7bf3dc7e1bfc9229"),
        three.stream().map(Long::toHexString).toList());
    assertEquals("3e83b293d094bab9", Long.toHexString(MemberIds.cluster(three)));
  }

  @Test
  void anotherAddressChangesUrlsAndIdsAndNothingElse() {
    List<String> lines = Transcript.lines("2.3.7/01-http-single");
    AddressPlan plan = AddressPlan.plan(lines, 3, 4);
    long id = MemberIds.member(List.of("http://127.3.4.1:23800"), "etcd-cluster");
    assertEquals(
        "http://127.3.4.1:23790 %s 127.0.0.1:2379 127.0.0.1".formatted(Long.toHexString(id)),
        plan.apply("http://127.0.0.1:23790 2e1259d415f2a040 127.0.0.1:2379 127.0.0.1"));
    assertEquals(Long.toUnsignedString(id), plan.apply("3319814642761637952"));
  }
}
