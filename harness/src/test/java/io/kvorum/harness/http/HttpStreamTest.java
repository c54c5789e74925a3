// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class HttpStreamTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void chunksAreJoined() throws IOException {
    HttpReply reply =
        answer(
            "HTTP/1.1 200 OK\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "3\r\n"
                + "abc\r\n"
                + "2\r\n"
                + "de\r\n"
                + "0\r\n\r\n");
    assertEquals("abcde", reply.body());
    assertEquals(5, reply.bodyBytes());
  }

  @Test
  void reasonAndRepeatedHeadersAreKept() throws IOException {
    HttpReply reply =
        answer("HTTP/1.1 404 Not Found\r\nA: 1\r\na: 2\r\nContent-Length: 1\r\n\r\nx");
    assertEquals(404, reply.status());
    assertEquals("Not Found", reply.reason());
    assertEquals(3, reply.headers().size());
    assertEquals("1", reply.header("a").orElseThrow());
  }

  @Test
  void aBodyCutShortIsAnError() {
    assertThrows(
        EOFException.class, () -> answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"));
  }

  @Test
  void aSilentServerIsATimeout() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
      assertThrows(
          SocketTimeoutException.class,
          () -> HttpStream.open(address, HttpCall.of("GET", "/"), Duration.ofMillis(50)));
    }
  }

  @Test
  void anOpenBodyCanBeReadAsItComes() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket socket = server.accept()) {
                  write(
                      socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na\n\r\n");
                  seen.await();
                  write(socket, "2\r\nb\n\r\n0\r\n\r\n");
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
      try (HttpStream stream = HttpStream.open(address, HttpCall.of("GET", "/"), LONG)) {
        assertEquals(HttpStream.State.OPEN, stream.awaitBody(1, LONG));
        assertEquals("a\n", stream.reply().body());
        seen.countDown();
        assertEquals(HttpStream.State.ENDED, stream.awaitEnd(LONG));
        assertEquals("a\nb\n", stream.reply().body());
      }
    }
  }

  private static HttpReply answer(String bytes) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket socket = server.accept()) {
                  readHead(socket);
                  write(socket, bytes);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      InetSocketAddress address = (InetSocketAddress) server.getLocalSocketAddress();
      return HttpStream.exchange(address, HttpCall.of("GET", "/"), LONG);
    }
  }

  /** An unread request would turn the closing of the connection into a reset. */
  private static void readHead(Socket socket) throws IOException {
    BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    String line = reader.readLine();
    while (line != null && !line.isEmpty()) {
      line = reader.readLine();
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
