// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.http.HttpStream;
import io.kvorum.server.transport.gateway.GatewayPaths;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every method of the v3 API over JSON, without a token, while authentication is on. */
class AnonymousTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Something of everything that a method may ask for; each passes over the rest. */
  private static final String BODY =
      """
      {"key":"YQ==","value":"YQ==","name":"YQ==","ID":"1","TTL":"5","keys":true,"revision":"1",
       "success":[{"request_put":{"key":"YQ=="}}],"create_request":{"key":"YQ=="},
       "peerURLs":["http://127.0.0.1:1"],"perm":{"key":"YQ=="},"role":"r","user":"u",
       "leader":{"name":"YQ==","key":"YQ==","rev":"1","lease":"1"},"version":"3.3"}
      """;

  /** What 3.7 leaves to everybody, and what it answers. */
  private static final Map<String, String> OPEN =
      Map.of(
          "auth/authenticate", "authentication failed",
          "auth/status", "\"enabled\":true",
          "maintenance/status", "\"raftIndex\"",
          // There is no lease whose keys could be somebody's.
          "lease/leases", "\"header\"",
          "kv/lease/leases", "\"header\"",
          "lease/revoke", "requested lease not found",
          "kv/lease/revoke", "requested lease not found",
          "lease/keepalive", "\"ID\":\"1\"");

  @Test
  void nothingElseIsOpenToEverybody(@TempDir Path folder) throws IOException {
    try (LocalMembers members = new LocalMembers(folder)) {
      members.found("a");
      URI uri = URI.create(members.client("a"));
      InetSocketAddress address = new InetSocketAddress(uri.getHost(), uri.getPort());
      send(address, "auth/user/add", "{\"name\":\"root\",\"password\":\"p\"}");
      send(address, "auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
      assertEquals(200, send(address, "auth/enable", "{}").status());
      List<String> wrong = new ArrayList<>();
      for (String path : GatewayPaths.all()) {
        String body = send(address, path, BODY).body();
        if (!body.contains(OPEN.getOrDefault(path, "etcdserver: user name is empty"))) {
          wrong.add(path + ": " + body);
        }
      }
      assertEquals(List.of(), wrong, String.join("\n", wrong));
      assertTrue(GatewayPaths.all().containsAll(OPEN.keySet()));
    }
  }

  /** The answer, or the first line of one that goes on. */
  private static HttpReply send(InetSocketAddress address, String path, String body)
      throws IOException {
    HttpCall call = new HttpCall("POST", "/v3/" + path, List.of(), Optional.of(body));
    try (HttpStream stream = HttpStream.open(address, call, PATIENCE)) {
      stream.awaitBody(1, PATIENCE);
      return stream.reply();
    }
  }
}
