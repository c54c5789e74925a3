// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.member;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.base.MemberId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ids recorded from genuine clusters. */
class MemberIdsTest {

  private static final List<String> HOSTS = List.of("10", "20", "30");

  @Test
  void theGuidesClusterHasTheGuidesIds() {
    assertEquals(
        List.of("b22cf29c2bebb484", "b19e62a463d4b18e", "7bf3dc7e1bfc9229"), ids("mytoken"));
    assertEquals("3e83b293d094bab9", cluster("mytoken"));
  }

  @Test
  void theTokenMakesTheDifference() {
    assertEquals(
        List.of("25f447a5674947cd", "b5516b1d0795a42f", "ed51170937ec34bb"), ids("etcd-cluster"));
    assertEquals("1501b6412eeb8a7c", cluster("etcd-cluster"));
  }

  @Test
  void aSingleMemberFoundsItsOwnCluster() {
    MemberId member = MemberIds.atBootstrap(List.of("http://127.0.0.1:23800"), "etcd-cluster");
    assertEquals("2e1259d415f2a040", member.hex());
    assertEquals("48276a8f75b6a87", MemberIds.ofCluster(List.of(member)).hex());
  }

  private static List<String> ids(String token) {
    return members(token).map(MemberId::hex).toList();
  }

  private static String cluster(String token) {
    return MemberIds.ofCluster(members(token).toList()).hex();
  }

  private static Stream<MemberId> members(String token) {
    return HOSTS.stream()
        .map(host -> List.of("http://192.168.0." + host + ":2380"))
        .map(urls -> MemberIds.atBootstrap(urls, token));
  }
}
