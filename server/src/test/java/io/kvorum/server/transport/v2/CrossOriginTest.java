// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.server.request.KeyWaits;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What browsers are told about pages of other origins (recorded behaviour of etcd 2.3.7). */
class CrossOriginTest {
  private static final String PAGE = "http://page:80";
  private static final List<String> TARGETS =
      List.of("/version", "/v2/keys/none", "/nowhere", "/v2//keys", "/v2/members");

  private static HttpReply call(TestPort port, String method, String target, String origin) {
    return port.send(
        new HttpCall(method, target, List.of(new Header("Origin", origin)), Optional.empty()));
  }

  private static void assertAllowed(Optional<String> origin, HttpReply reply) {
    var expected = origin.isPresent();
    assertEquals(origin, reply.header("Access-Control-Allow-Origin"), reply.toString());
    assertEquals(
        expected ? Optional.of("POST, GET, OPTIONS, PUT, DELETE") : Optional.empty(),
        reply.header("Access-Control-Allow-Methods"));
    assertEquals(
        expected ? Optional.of("accept, content-type, authorization") : Optional.empty(),
        reply.header("Access-Control-Allow-Headers"));
  }

  @Test
  void nothingIsSaidUnlessAskedFor() {
    try (var port = new TestPort()) {
      assertAllowed(Optional.empty(), call(port, "GET", "/version", PAGE));
      assertAllowed(Optional.empty(), call(port, "OPTIONS", "/version", PAGE));
    }
  }

  @Test
  void theStarAllowsEverybodyOnEveryAnswer() {
    try (var port = new TestPort(false, List.of(PAGE, "*"))) {
      for (var target : TARGETS) {
        assertAllowed(Optional.of("*"), call(port, "GET", target, PAGE));
        assertAllowed(Optional.of("*"), port.call("PATCH", target));
      }
    }
  }

  @Test
  void aListedOriginIsNamedAndOthersAreServedWithoutAWord() {
    try (var port = new TestPort(false, List.of("http://other", PAGE))) {
      for (var target : TARGETS) {
        assertAllowed(Optional.of(PAGE), call(port, "GET", target, PAGE));
        assertAllowed(Optional.empty(), call(port, "GET", target, "http://page"));
        assertAllowed(Optional.empty(), port.get(target));
      }
      assertEquals(200, call(port, "GET", "/version", "http://page").status());
    }
  }

  @Test
  void aPreflightGetsTheHeadersAndNothingElse() {
    try (var port = new TestPort(false, List.of(PAGE))) {
      var reply = call(port, "OPTIONS", "/v2/keys/foo", PAGE);
      assertEquals(200, reply.status());
      assertEquals("", reply.body());
      assertAllowed(Optional.of(PAGE), reply);
      assertAllowed(Optional.empty(), call(port, "OPTIONS", "/v2/keys/foo", "null"));
    }
  }

  @Test
  void watchesCarryTheHeadersToo() throws Exception {
    try (var port = new TestPort(false, List.of("*"))) {
      port.waits = (path, recursive, stream, index, ready) -> new KeyWaits.Begun(new TestWait());
      try (var stream = port.open("/v2/keys/foo?wait=true")) {
        assertEquals(Optional.of("*"), stream.reply().header("Access-Control-Allow-Origin"));
      }
    }
  }

  @Test
  void whatIsNoRequestGetsNoSuchHeaders() {
    try (var port = new TestPort(false, List.of("*"))) {
      var reply = port.get("/v2/keys/%zz");
      assertEquals(400, reply.status());
      assertAllowed(Optional.empty(), reply);
    }
  }
}
