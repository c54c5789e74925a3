// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Member;
import java.util.Map;
import java.util.TreeMap;

/** What {@link WriteLoad} has left in a member's tree. */
final class LoadedTree {
  private LoadedTree() {}

  /** By key; an acknowledged write must be found with its very index. */
  static Map<String, WriteLoad.Acknowledged> at(Member member) {
    HttpReply reply = member.get("/v2/keys/load?recursive=true").orElseThrow();
    assertEquals(200, reply.status(), member.name() + " " + reply.body());
    Map<String, WriteLoad.Acknowledged> values = new TreeMap<>();
    collect(Json.parse(reply.body()).get("node").orElseThrow(), values);
    return values;
  }

  private static void collect(Json node, Map<String, WriteLoad.Acknowledged> into) {
    node.string("value")
        .ifPresent(
            value ->
                into.put(
                    node.string("key").orElseThrow(),
                    new WriteLoad.Acknowledged(value, node.number("modifiedIndex").orElseThrow())));
    node.items("nodes").forEach(child -> collect(child, into));
  }
}
