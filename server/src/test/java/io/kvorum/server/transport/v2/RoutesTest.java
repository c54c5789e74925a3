// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpReply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths and methods exist, and what the others get (recorded from etcd 2.3.7). */
class RoutesTest extends PortTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v2",
        "/v2/",
        "/v2/leader",
        "/v2/admin",
        "/v2/admin/x",
        "/v2/peers",
        "/v2/auth",
        "/v2/auth/nope",
        "/v2/stats",
        "/v2/stats/nope",
        "/v2/stats/self/",
        "/v2/machines/",
        "/version/",
        "/health/",
        "/v2/keysfoo",
        "/v1/keys/a",
        "/members",
        "/raft",
        "/debug/pprof",
        "/nonexistent"
      })
  void anUnknownPathIsNotFound(String path) {
    var reply = port.get(path);
    assertEquals(404, reply.status());
    assertEquals("Not Found", reply.reason());
    assertEquals("404 page not found\n", reply.body());
    assertPlainError(reply);
    assertEquals(Optional.of("19"), reply.header("Content-Length"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "POST /version GET",
        "HEAD /version GET",
        "POST /health GET",
        "HEAD /health GET",
        "HEAD /v2/members GET,POST,DELETE,PUT",
        "PATCH /v2/members/1 GET,POST,DELETE,PUT",
        "POST /v2/stats/self GET",
        "HEAD /v2/stats/self GET",
        "PUT /v2/stats/leader GET",
        "DELETE /v2/stats/store GET",
        "POST /v2/machines GET,HEAD",
        "PATCH /v2/keys/foo HEAD,GET,PUT,POST,DELETE",
        "TRACE /v2/keys HEAD,GET,PUT,POST,DELETE",
        "POST /debug/vars GET",
        "GET /config/local/log PUT",
        "PUT /v2/auth/roles GET",
        "POST /v2/auth/users/x GET,PUT,DELETE",
        "POST /v2/auth/enable GET,PUT,DELETE",
      })
  void aWrongMethodIsToldTheRightOnes(String method, String path, String allow) {
    var reply = port.call(method, path);
    assertEquals(405, reply.status());
    assertEquals(Optional.of(allow), reply.header("Allow"));
    assertEquals(method.equals("HEAD") ? "" : "Method Not Allowed\n", reply.body());
    assertEquals(Optional.of("19"), reply.header("Content-Length"));
    assertPlainError(reply);
  }

  private static void assertPlainError(HttpReply reply) {
    assertEquals(Optional.of("text/plain; charset=utf-8"), reply.header("Content-Type"));
    assertEquals(Optional.of("nosniff"), reply.header("X-Content-Type-Options"));
    assertEquals(Optional.empty(), reply.header("X-Etcd-Cluster-Id"));
    assertTrue(reply.header("Date").isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/keys/foo", "/v2/members", "/nowhere", "/v2//keys"})
  void optionsNeverReachARoute(String path) {
    var reply = port.call("OPTIONS", path);
    assertEquals(200, reply.status());
    assertEquals(Optional.of("0"), reply.header("Content-Length"));
    assertEquals(List.of("Content-Length", "Date"), names(reply));
  }

  private static List<String> names(HttpReply reply) {
    return reply.headers().stream().map(Header::name).sorted().toList();
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/keys//foo, /v2/keys/foo",
    "/v2/keys/./foo, /v2/keys/foo",
    "/v2/keys/foo/../foo?quorum=true, /v2/keys/foo?quorum=true",
    "/v2/keys/foo/.., /v2/keys",
    "/v2/keys/a%2F%2Fb, /v2/keys/a/b",
    "/v2/keys//sp%20ace%21/, /v2/keys/sp%20ace%21/",
    "/../../version, /version",
  })
  void anUncleanPathIsMoved(String given, String location) {
    var get = port.get(given);
    assertEquals(301, get.status());
    assertEquals(Optional.of(location), get.header("Location"));
    assertEquals(Optional.of("text/html; charset=utf-8"), get.header("Content-Type"));
    assertEquals("<a href=\"" + location + "\">Moved Permanently</a>.\n\n", get.body());

    var head = port.call("HEAD", given);
    assertEquals(301, head.status());
    assertEquals(List.of("Content-Type", "Date", "Location"), names(head));

    var put = port.form("PUT", given, "value=x");
    assertEquals(301, put.status());
    assertEquals(List.of("Content-Length", "Date", "Location"), names(put));
    assertEquals("", put.body());
  }

  @Test
  void aMalformedTargetIsABadRequest() {
    var reply = port.get("/v2/keys/%zz");
    assertEquals(400, reply.status());
    assertEquals("400 Bad Request", reply.body());
    assertEquals(Optional.of("close"), reply.header("Connection"));
  }

  @Test
  void anAbsoluteTargetIsServedByItsPath() {
    assertEquals(200, port.get("http://example.com:2379/version").status());
  }
}
