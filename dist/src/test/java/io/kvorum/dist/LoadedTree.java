// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What {@link WriteLoad} has left in a member's tree. */
final class LoadedTree {
  /** For a tree of tens of megabytes. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private LoadedTree() {}

  /** By key; an acknowledged write must be found with its very index. */
  static Map<String, WriteLoad.Acknowledged> at(Member member) {
    String authority = member.client().getHostString() + ":" + member.client().getPort();
    URI uri = URI.create("http://" + authority + "/v2/keys/load?recursive=true");
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<String> reply =
          client.send(
              HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(200, reply.statusCode(), member.name() + " " + reply.body());
      Map<String, WriteLoad.Acknowledged> values = new TreeMap<>();
      collect(Json.parse(reply.body()).get("node").orElseThrow(), values);
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(member.name() + " " + uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading from " + member.name(), e);
    }
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
