// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.ctl.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpTransportTest {

  private static final long SECOND = 1_000_000_000L;

  private final ScriptedServer server;
  private final HttpTransport transport = new HttpTransport(5 * SECOND);

  HttpTransportTest() throws IOException {
    server = new ScriptedServer();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private HttpAnswer get(String path) throws MalformedUrl {
    return get(path, Deadline.in(20 * SECOND), Deadline.in(20 * SECOND));
  }

  private HttpAnswer get(String path, Deadline header, Deadline whole) throws MalformedUrl {
    HttpUrl url = HttpUrl.parse(server.url() + path);
    return transport.exchange(HttpRequest.get(url), header, whole);
  }

  private static String text(HttpAnswer answer) {
    return answer.body();
  }

  private String failure(String path) {
    return assertThrows(TransportFailure.class, () -> get(path)).getMessage();
  }

  @Test
  void bodiesWithALengthKeepTheConnection() throws MalformedUrl {
    server.on("GET /a", ScriptedServer.answer("200 OK", "one", "X-Etcd-Index: 7\r\n"));
    server.on("GET /b", ScriptedServer.answer("503 Service Unavailable", ""));
    HttpAnswer answer = get("/a");
    assertEquals(200, answer.status());
    assertEquals("7", answer.header("x-etcd-index"));
    assertEquals("", answer.header("location"));
    assertEquals("one", text(answer));
    assertEquals(503, get("/b").status());
    assertEquals(1, server.connections());
  }

  @Test
  void chunkedBodiesKeepTheConnection() throws MalformedUrl {
    server.on(
        "GET /a",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\none\r\n10;x=y\r\n0123456789abcdef\r\n0\r\nTrailer: t\r\n\r\n");
    assertEquals("one0123456789abcdef", text(get("/a")));
    assertEquals("one0123456789abcdef", text(get("/a")));
    assertEquals(1, server.connections());
  }

  @Test
  void largeBodiesAreWhole() throws MalformedUrl {
    String body = "0123456789".repeat(100_000);
    server.on("GET /a", ScriptedServer.answer("200 OK", body));
    assertEquals(body, text(get("/a")));
  }

  @Test
  void bodiesWithoutLengthEndWithTheConnection() throws MalformedUrl {
    server.on("GET /health", "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n{\"health\": \"true\"}");
    ScriptedServer closing = server.on("GET /health", ScriptedServer.HANG_UP);
    Thread.ofVirtual().start(() -> closeAfterRequests(closing, 1));
    assertEquals("{\"health\": \"true\"}", text(get("/health")));
  }

  private static void closeAfterRequests(ScriptedServer server, int count) {
    while (server.requests().size() < count) {
      Thread.onSpinWait();
    }
    try {
      server.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void interimAnswersAreSkipped() throws MalformedUrl {
    server.on(
        "GET /a", "HTTP/1.1 100 Continue\r\n\r\n" + ScriptedServer.answer("201 Created", "done"));
    assertEquals(201, get("/a").status());
  }

  @Test
  void aReadGoesAgainWhenTheKeptConnectionIsGone() throws MalformedUrl {
    server.on("GET /a", ScriptedServer.answer("200 OK", "one"));
    server.on("GET /a", ScriptedServer.HANG_UP);
    server.on("GET /a", ScriptedServer.answer("200 OK", "two"));
    assertEquals("one", text(get("/a")));
    assertEquals("two", text(get("/a")));
    assertEquals(2, server.connections());
  }

  @Test
  void hangingUpIsAnEndOfFile() {
    server.on("GET /a", ScriptedServer.HANG_UP);
    assertEquals("EOF", failure("/a"));
    server.on("GET /b", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    Thread.ofVirtual().start(() -> closeAfterRequests(server, 2));
    assertEquals("unexpected EOF", failure("/b"));
  }

  @Test
  void nonsenseIsTold() {
    server.on("GET /a", "SSH-2.0-OpenSSH\r\n");
    assertEquals("malformed HTTP response \"SSH-2.0-OpenSSH\"", failure("/a"));
    server.on("GET /b", "HTTP/1.1 2xx OK\r\n\r\n");
    assertEquals("malformed HTTP status code \"2xx OK\"", failure("/b"));
    server.on("GET /c", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n");
    assertEquals("bad Content-Length \"-1\"", failure("/c"));
  }

  @Test
  void theDeadlinesEndTheWait() {
    server.on("GET /a", ScriptedServer.SILENCE);
    server.on("GET /b", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    assertThrows(TimeLimitReached.class, () -> get("/a", Deadline.in(SECOND / 20), Deadline.NEVER));
    assertThrows(TimeLimitReached.class, () -> get("/a", Deadline.NEVER, Deadline.in(SECOND / 20)));
    assertThrows(TimeLimitReached.class, () -> get("/b", Deadline.NEVER, Deadline.in(SECOND / 20)));
    assertThrows(TimeLimitReached.class, () -> get("/b", Deadline.in(1), Deadline.NEVER));
  }

  @Test
  void aLargeRequestToSomebodyWhoDoesNotReadEndsAtTheDeadline() throws IOException, MalformedUrl {
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      HttpUrl url = HttpUrl.parse("http://127.0.0.1:" + deaf.getLocalPort() + "/");
      HttpRequest request = new HttpRequest("PUT", url, "text/plain", "x".repeat(50_000_000), "");
      assertThrows(
          TimeLimitReached.class,
          () -> transport.exchange(request, Deadline.in(SECOND / 5), Deadline.NEVER));
    }
  }

  @Test
  void refusedConnectionsAreConnectionProblems() throws IOException {
    String authority = server.authority();
    server.close();
    TransportFailure failure = assertThrows(TransportFailure.class, () -> get("/a"));
    assertEquals(
        "dial tcp " + authority + ": getsockopt: connection refused", failure.getMessage());
    assertTrue(failure.isConnectionProblem());
  }

  @Test
  void otherSchemesAreNot() throws MalformedUrl {
    HttpUrl url = HttpUrl.parse("ftp://127.0.0.1/");
    TransportFailure failure =
        assertThrows(
            TransportFailure.class,
            () -> transport.exchange(HttpRequest.get(url), Deadline.NEVER, Deadline.NEVER));
    assertEquals("unsupported protocol scheme \"ftp\"", failure.getMessage());
    assertFalse(failure.isConnectionProblem());
  }

  @Test
  void speakingTlsToAPlainServerIsTold() throws IOException, MalformedUrl {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerAnything(plain));
      HttpUrl url = HttpUrl.parse("https://127.0.0.1:" + plain.getLocalPort() + "/");
      Deadline deadline = Deadline.in(20 * SECOND);
      TransportFailure failure =
          assertThrows(
              TransportFailure.class,
              () -> transport.exchange(HttpRequest.get(url), deadline, Deadline.NEVER));
      assertEquals("tls: first record does not look like a TLS handshake", failure.getMessage());
    }
  }

  private static void answerAnything(ServerSocket listener) {
    try (Socket connection = listener.accept()) {
      int unused = connection.getInputStream().read();
      connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
      connection.shutdownOutput();
      byte[] unusedRest = connection.getInputStream().readAllBytes();
    } catch (IOException e) {
      // The client has seen enough.
    }
  }

  @Test
  void namesAreLookedUp() throws MalformedUrl {
    server.on("GET /a", ScriptedServer.answer("200 OK", "one"));
    String url = "http://localhost:" + HttpUrl.parse(server.url()).port() + "/a";
    HttpRequest request = HttpRequest.get(HttpUrl.parse(url));
    assertEquals("one", text(transport.exchange(request, Deadline.NEVER, Deadline.NEVER)));
  }
}
