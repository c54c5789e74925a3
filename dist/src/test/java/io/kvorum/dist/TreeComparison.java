// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.Member;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** That members at rest show the same tree, the same index and the same events. */
final class TreeComparison {
  private static final Duration REST = Duration.ofSeconds(30);

  /** Counted down while we look; for an old event each member says what it was at some time. */
  private static final Pattern TTL = Pattern.compile(",\"ttl\":-?\\d+");

  private TreeComparison() {}

  /**
   * Waits until nothing with a short deadline is left and all indexes are equal, then compares
   * every byte of the trees, and the newest events.
   *
   * @param events how many of the newest events are compared
   */
  static void requireEqual(List<Member> members, int events) {
    // A member that came back has published itself, which no watch of keys ever sees.
    V2.keys(members.get(0), "PUT", "/at-rest", "value=1", V2.ANSWER);
    Await.require(
        "the same index on all members and no short deadline left",
        REST,
        () ->
            members.stream().map(TreeComparison::index).distinct().count() == 1
                && members.stream().noneMatch(member -> tree(member).contains("/t/short\"")));
    Member first = members.get(0);
    for (Member member : members) {
      String pair = first.name() + " and " + member.name();
      assertEquals(index(first), index(member), "X-Etcd-Index of " + pair);
      assertEquals(tree(first), tree(member), "the trees of " + pair);
      long newest = Long.parseLong(index(first));
      for (long i = Math.max(1, newest - events + 1); i <= newest; i++) {
        assertEquals(event(first, i), event(member, i), "event " + i + " of " + pair);
      }
    }
  }

  static String index(Member member) {
    return read(member, "/v2/keys/").header("X-Etcd-Index").orElseThrow();
  }

  private static String tree(Member member) {
    String body = read(member, "/v2/keys/?recursive=true&sorted=true").body();
    return TTL.matcher(body).replaceAll("");
  }

  /** What a recursive wait from that index sees first. */
  private static String event(Member member, long index) {
    String target = "/v2/keys/?wait=true&recursive=true&waitIndex=" + index;
    return TTL.matcher(read(member, target).body()).replaceAll("");
  }

  private static HttpReply read(Member member, String target) {
    HttpReply reply =
        member
            .get(target)
            .orElseThrow(() -> new AssertionError(member.name() + " does not answer " + target));
    assertEquals(200, reply.status(), member.name() + " " + target + " " + reply.body());
    return reply;
  }
}
