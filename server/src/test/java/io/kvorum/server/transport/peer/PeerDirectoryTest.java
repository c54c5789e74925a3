// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.base.Bytes;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Questions to a neighbour whose connections are not what they should be. */
class PeerDirectoryTest {

  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

  @Test
  void aConnectionThatFallsSilentIsGivenCompany() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerTheSecond(listening));
      PeerDirectory.Answer answer =
          new PeerDirectory(vertx)
              .ask(
                  List.of("http://127.0.0.1:" + listening.getLocalPort()),
                  "/members",
                  Duration.ofSeconds(30))
              .get(60, TimeUnit.SECONDS)
              .orElseThrow();
      assertEquals(Bytes.utf8("ok"), answer.body());
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  private static void answerTheSecond(ServerSocket listening) {
    try (Socket silent = listening.accept();
        Socket heard = listening.accept()) {
      heard.getOutputStream().write(ANSWER);
      heard.getOutputStream().flush();
      silent.getInputStream().readAllBytes();
    } catch (IOException over) {
      // The test has ended.
    }
  }
}
