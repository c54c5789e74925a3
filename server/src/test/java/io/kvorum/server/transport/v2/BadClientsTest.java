// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.TreeEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that send half a request, nothing, too much or rubbish: they get a short answer or none,
 * nothing of it is carried out, no other client notices, and nobody is shown a stack trace.
 */
class BadClientsTest extends PortTest {
  private static final String PUT_HEAD =
      "PUT /v2/keys/a HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";

  private final List<RawClient> clients = new ArrayList<>();

  private RawClient connect() {
    var client = new RawClient(port.address);
    clients.add(client);
    return client;
  }

  @AfterEach
  void nobodyElseNoticed() {
    assertEquals(200, port.get("/version").status());
    clients.forEach(RawClient::close);
    clients.clear();
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TestPort.PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, what);
      LockSupport.parkNanos(1_000_000);
    }
  }

  // --- half requests ---

  @ParameterizedTest
  @ValueSource(
      strings = {
        "P",
        "PUT /v2/keys/a HTTP/1.1",
        PUT_HEAD,
        PUT_HEAD + "Content-Length: 7\r\n\r\n",
        PUT_HEAD + "Content-Length: 7\r\n\r\nvalue=",
        PUT_HEAD + "Transfer-Encoding: chunked\r\n\r\n7\r\nvalue",
        PUT_HEAD + "Transfer-Encoding: chunked\r\n\r\n7\r\nvalue=1\r\n"
      })
  void halfARequestIsNotCarriedOut(String half) {
    connect().send(half).close();
    // A whole request behind it shows that the loop has seen the end of the half one.
    for (int i = 0; i < 4; i++) {
      assertEquals(200, port.get("/version").status());
    }
    assertEquals(List.of(), port.proposed);
  }

  @Test
  void aRequestMayComeByteByByte() {
    var slow = connect();
    var request = PUT_HEAD + "Content-Length: 7\r\n\r\nvalue=1";
    for (int i = 0; i < request.length(); i++) {
      slow.send(request.substring(i, i + 1));
      if (i % 16 == 0) {
        assertEquals(200, port.get("/version").status());
      }
    }
    assertTrue(slow.line().startsWith("HTTP/1.1 "));
    assertEquals(1, port.proposed.size());
  }

  @Test
  void manyWhoSendSlowlyKeepNobodyWaiting() {
    for (int i = 0; i < 300; i++) {
      connect().send(i % 2 == 0 ? "GET /v2/ke" : PUT_HEAD + "Content-Length: 70000\r\n\r\nvalue=");
    }
    for (int i = 0; i < 20; i++) {
      assertEquals(200, port.get("/version").status());
    }
    assertEquals(List.of(), port.proposed);
  }

  // --- no room ---

  @Test
  void bodiesThatNeverEndTakeABoundedAmountOfMemory() {
    var half = "Content-Length: 10000000\r\n\r\nvalue=" + "x".repeat(9_000_000);
    var first = connect().send(PUT_HEAD + half);
    var second = connect().send(PUT_HEAD + half);
    await(
        "the third has no room",
        () -> {
          try (var third = new RawClient(port.address)) {
            return third.send(PUT_HEAD + half).line().startsWith("HTTP/1.1 503 ");
          }
        });
    var whole = "Content-Length: 9000006\r\n\r\nvalue=" + "x".repeat(9_000_000);
    var answer = connect().send(PUT_HEAD + "Connection: close\r\n" + whole).rest();
    assertTrue(answer.startsWith("HTTP/1.1 503 Service Unavailable\r\n"), answer);
    assertTrue(answer.endsWith("{\"message\":\"etcdserver: too many requests\"}"), answer);
    first.close();
    second.close();
    await(
        "what the others held is free again",
        () -> {
          try (var again = new RawClient(port.address)) {
            return !again.send(PUT_HEAD + whole).line().startsWith("HTTP/1.1 503 ");
          }
        });
  }

  // --- nothing at all ---

  @Test
  void thousandsOfIdleConnectionsCostLittle() {
    long before = usedBytes();
    for (int i = 0; i < 2_000; i++) {
      connect();
    }
    assertEquals(200, port.get("/version").status());
    long grown = usedBytes() - before;
    assertTrue(grown < 100 << 20, () -> "bytes for 2,000 idle connections: " + grown);
    for (int i = 0; i < 2_000; i += 97) {
      var line = clients.get(i).send("GET /version HTTP/1.1\r\nHost: x\r\n\r\n").line();
      assertEquals("HTTP/1.1 200 OK", line, "connection " + i);
    }
  }

  private static long usedBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  // --- rubbish ---

  @Test
  void randomBytesAreABadRequest() {
    long seed = System.nanoTime();
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 50; i++) {
      var bytes = new byte[1 + random.nextInt(600)];
      random.nextBytes(bytes);
      var text = new String(bytes, StandardCharsets.ISO_8859_1);
      var answer = connect().send(text + "\r\n\r\n").rest();
      assertTrue(
          answer.isEmpty() || answer.startsWith("HTTP/1."), () -> "seed " + seed + ": " + answer);
      requireShort(answer);
    }
    assertEquals(List.of(), port.proposed);
  }

  private static void requireShort(String answer) {
    assertFalse(answer.contains("Exception") || answer.contains("\tat "), answer);
    assertTrue(answer.length() < 1000, answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET\r\n\r\n",
        "GET /version HTTP/9.9.9\r\n\r\n",
        "GET /version HTTP/1.1\r\nHost: x\r\nno colon here\r\n\r\n",
        "GET /version HTTP/1.1\r\nHost: x\r\nBad Name: 1\r\n\r\n",
        "PUT /v2/keys/a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "PUT /v2/keys/a HTTP/1.1\r\nHost: x\r\nContent-Length: seven\r\n\r\nvalue=1",
        "PUT /v2/keys/a HTTP/1.1\r\n"
            + "Host: x\r\n"
            + "Content-Length: 1\r\n"
            + "Content-Length: 7\r\n\r\n"
            + "value=1",
        PUT_HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\nvalue=1\r\n0\r\n\r\n",
        PUT_HEAD + "Transfer-Encoding: chunked\r\n\r\n-7\r\nvalue=1\r\n0\r\n\r\n",
        PUT_HEAD + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nvalue=1\r\n0\r\n\r\n"
      })
  void whatIsNoRequestEndsTheConnection(String text) {
    var answer = connect().send(text).rest();
    assertTrue(answer.isEmpty() || answer.matches("(?s)HTTP/1\\.[01] 400 .*"), answer);
    requireShort(answer);
    assertEquals(List.of(), port.proposed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET /v2/keys/%s HTTP/1.1\r\n\r\n", "GET /version HTTP/1.1\r\nX: %s\r\n\r\n"})
  void aHeadMayBeAMegabyteAtMost(String form) {
    var fits = connect().send(form.formatted("x".repeat(900_000)));
    assertFalse(fits.line().contains(" 431 "));
    var answer = connect().send(form.formatted("x".repeat(1_100_000))).line();
    assertTrue(
        answer.isEmpty() || answer.matches("HTTP/1\\.[01] 431 Request Header Fields Too Large"),
        answer);
  }

  @ParameterizedTest
  @CsvSource({"FOO", "get", "PROPFIND", "GETGETGET"})
  void anUnknownMethodIsToldTheRightOnes(String method) {
    var request = method + " /v2/keys/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    var answer = connect().send(request).rest();
    assertTrue(answer.startsWith("HTTP/1.1 405 Method Not Allowed\r\n"), answer);
    assertTrue(answer.contains("\r\nAllow: HEAD,GET,PUT,POST,DELETE\r\n"), answer);
  }

  // --- unusual, but right ---

  @Test
  void requestsSentTogetherAreAnsweredInOrder() {
    var client = connect();
    var request = "GET %s HTTP/1.1\r\nHost: x\r\n\r\n";
    var all = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      all.append(request.formatted(i % 2 == 0 ? "/version" : "/nowhere"));
    }
    new Thread(() -> client.send(all + "GET /version HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .start();
    var statuses =
        client
            .rest()
            .lines()
            .filter(line -> line.contains("HTTP/1.1 "))
            .map(line -> line.substring(line.indexOf("HTTP/1.1 ") + 9).substring(0, 3))
            .toList();
    assertEquals(1_001, statuses.size());
    for (int i = 0; i < 1_001; i++) {
      assertEquals(i % 2 == 0 ? "200" : "404", statuses.get(i), "answer " + i);
    }
  }

  /** What it asks for must not gather in memory: a client may ask for much in a few bytes. */
  @Test
  void whoDoesNotReadIsNotAnsweredForEver() {
    var reads = new AtomicInteger();
    var value = Optional.of(Bytes.utf8("x".repeat(1 << 20)));
    var node = new NodeView(Bytes.utf8("/1/big"), value, false, 0, 3, 3, List.of());
    port.keys =
        (path, recursive, sorted) -> {
          reads.incrementAndGet();
          return new Outcome.TreeChanged(
              new TreeEvent(TreeEvent.Action.GET, node, Optional.empty(), false, 3));
        };
    var client = connect().send("GET /v2/keys/big HTTP/1.1\r\nHost: x\r\n\r\n".repeat(300));
    await("the first is answered", () -> reads.get() > 0);
    int before;
    do {
      before = reads.get();
      for (int i = 0; i < 40; i++) {
        assertEquals(200, port.get("/version").status());
      }
    } while (reads.get() > before);
    assertTrue(reads.get() < 50, "answers made for nobody: " + reads.get());
    client.close();
  }

  @Test
  void aBodyBehindAHeadThatAsksForNoneIsDropped() {
    var client =
        connect()
            .send("GET /version HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\nvalue=1")
            .send("GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    var answers = client.rest();
    assertTrue(answers.startsWith("HTTP/1.1 200 OK"), answers);
    assertTrue(answers.contains("HTTP/1.1 404 Not Found"), answers);
  }

  // --- bodies ---

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT|/v2/keys/a|application/x-www-form-urlencoded|400|http: POST too large",
        "POST|/v2/members|application/json|400|{\"message\":\"http: request body too large\"}",
        "PUT|/v2/members/1|application/json|400|{\"message\":\"http: request body too large\"}",
        "PUT|/v2/auth/users/a|application/json|400|{\"message\":\"http: request body too large\"}",
        "PUT|/v2/auth/roles/a|application/json|400|{\"message\":\"http: request body too large\"}",
        "PUT|/config/local/log|application/json|400|{\"message\":\"Invalid json body\"}"
      })
  void aBodyThatIsTooLongIsToldSo(
      String method, String target, String type, int status, String text) {
    var reply = port.body(method, target, type, "x".repeat((10 << 20) + 1));
    assertEquals(status, reply.status(), reply.toString());
    assertTrue(reply.body().contains(text), reply.body());
    assertEquals(List.of(), port.proposed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "7",
        "{\"user\":",
        "{\"user\":7}",
        "{\"user\":\"a\"",
        "{\"user\":\"a\",\"roles\":{}}",
        "\u0000",
        "{\"user\":\"a\",\"password\":[[[[[[[[[["
      })
  void jsonThatIsNoneIsToldSo(String body) {
    for (var target : List.of("/v2/auth/users/a", "/v2/auth/roles/a")) {
      var reply = port.body("PUT", target, "application/json", body);
      assertEquals(400, reply.status(), target + " " + body + " " + reply);
      assertTrue(reply.body().startsWith("{\"message\":\""), reply.body());
      requireShort(reply.body());
    }
    assertEquals(List.of(), port.proposed);
  }

  @Test
  void jsonNestedWithoutEndIsRefusedToo() {
    var deep = "{\"user\":\"a\",\"x\":" + "[".repeat(200_000);
    for (var target : List.of("/v2/auth/users/a", "/v2/auth/roles/a", "/config/local/log")) {
      assertEquals(400, port.body("PUT", target, "application/json", deep).status(), target);
    }
    var members = port.body("POST", "/v2/members", "application/json", deep);
    assertEquals(400, members.status());
    requireShort(members.body());
  }

  @Test
  void aKeyMayBeAnyBytesOfAPath() {
    var client =
        connect()
            .send(
                "PUT /v2/keys/%ff%00%fe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + "Content-Length: 0\r\n\r\n");
    assertTrue(client.line().startsWith("HTTP/1.1 "));
    assertEquals(1, port.proposed.size());
  }
}
