// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import io.kvorum.base.Bytes;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions to a neighbour, asked from a thread that is none of the network library's. */
class PeerDirectoryTest {

  private static final byte[] ANSWER = "ok".getBytes(StandardCharsets.US_ASCII);

  /** One answer in two hundred got lost when it was read by the asking thread. */
  private static final int QUESTIONS = 3_000;

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer neighbour = newNeighbour();

  @BeforeEach
  void startNeighbour() {
    neighbour.start();
  }

  @AfterEach
  void stopAll() throws Exception {
    neighbour.stop(0);
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void anAnswerThatComesBeforeTheAskerLooksForItIsNotMissed() throws Exception {
    PeerDirectory directory = new PeerDirectory(vertx);
    for (int i = 0; i < QUESTIONS; i++) {
      assertEquals(Bytes.wrap(ANSWER), ask(directory, i), "question " + i);
    }
  }

  private Bytes ask(PeerDirectory directory, int question) throws Exception {
    String url = "http://127.0.0.1:" + neighbour.getAddress().getPort();
    try {
      return directory
          .ask(List.of(url), "/members", Duration.ofSeconds(30))
          .get(40, TimeUnit.SECONDS)
          .map(PeerDirectory.Answer::body)
          .orElse(Bytes.EMPTY);
    } catch (ExecutionException | TimeoutException failure) {
      throw new AssertionError("question " + question, failure);
    }
  }

  private static HttpServer newNeighbour() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
      server.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(200, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
            exchange.close();
          });
      return server;
    } catch (IOException e) {
      throw new IllegalStateException("no server", e);
    }
  }
}
