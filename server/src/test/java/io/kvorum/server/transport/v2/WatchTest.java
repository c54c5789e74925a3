// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.harness.http.HttpStream;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.request.KeyWaits;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Long polls and streams on the wire (recorded from etcd 2.3.7). */
class WatchTest {
  private TestPort port;
  private TestWait wait;

  @BeforeEach
  void open() {
    port = new TestPort();
    wait = new TestWait();
    port.waits =
        (path, recursive, stream, index, ready) -> {
          wait.asked = path.utf8() + " " + recursive + " " + stream + " " + index;
          wait.ready = ready;
          return new KeyWaits.Begun(wait);
        };
  }

  @AfterEach
  void close() {
    port.close();
  }

  private static TreeEvent set(long index, String value) {
    var node =
        new NodeView(
            Bytes.utf8("/1/w"), Optional.of(Bytes.utf8(value)), false, 0, index, index, List.of());
    return new TreeEvent(TreeEvent.Action.SET, node, Optional.empty(), false, index);
  }

  private static String line(long index) {
    return "{\"action\":\"set\",\"node\":{\"key\":\"/w\",\"value\":\"v\",\"modifiedIndex\":%d,\"createdIndex\":%d}}\n"
        .formatted(index, index);
  }

  @Test
  void theHeadComesAtOnceAndOneEventEndsTheAnswer() throws IOException {
    try (var stream = port.open("/v2/keys/w?wait=true&recursive=true&waitIndex=97")) {
      var head = stream.reply();
      assertEquals(200, head.status());
      assertEquals(Optional.of("chunked"), head.header("Transfer-Encoding"));
      assertEquals(Optional.of("application/json"), head.header("Content-Type"));
      assertEquals(Optional.of("96"), head.header("X-Etcd-Index"));
      assertEquals(Optional.of("11"), head.header("X-Raft-Index"));
      assertEquals("/1/w true false 97", wait.asked);
      assertEquals(1, port.polls.count());

      wait.tell(set(97, "v"));
      wait.tell(set(98, "v"));
      assertEquals(HttpStream.State.ENDED, stream.awaitEnd(TestPort.PATIENCE));
      assertEquals(line(97), stream.reply().body());
      assertClosed();
      assertEquals(0, port.polls.count());
    }
  }

  private void assertClosed() {
    try {
      assertTrue(wait.closed.await(10, TimeUnit.SECONDS), "the watch was not called off");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anEventOfTheHistoryIsAnsweredAtOnce() throws IOException {
    wait.events.add(set(97, "v"));
    wait.over = true;
    assertEquals(line(97), port.get("/v2/keys/w?wait=true&waitIndex=5").body());
  }

  @Test
  void aStreamGoesOnUntilItsWatchEnds() throws IOException {
    try (var stream = port.open("/v2/keys/w?wait=true&stream=true")) {
      wait.tell(set(97, "v"));
      wait.tell(set(98, "v"));
      stream.awaitBody(2, TestPort.PATIENCE);
      wait.over = true;
      wait.tell(set(99, "v"));
      assertEquals(HttpStream.State.ENDED, stream.awaitEnd(TestPort.PATIENCE));
      assertEquals(line(97) + line(98) + line(99), stream.reply().body());
    }
  }

  @Test
  void aClientThatLeavesCallsItsWatchOff() throws IOException {
    port.open("/v2/keys/w?wait=true").close();
    assertClosed();
  }

  @Test
  void aClientThatDoesNotReadStopsTheTaking() throws IOException {
    try (var socket = new Socket(port.address.getAddress(), port.address.getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /v2/keys/w?wait=true&stream=true HTTP/1.1\r\nHost: x\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      assertEquals('H', socket.getInputStream().read());
      var large = "x".repeat(1 << 20);
      for (int i = 0; i < 64; i++) {
        wait.events.add(set(97 + i, large));
      }
      wait.ready.run();
      // The loop has finished with the batch when it answers another request.
      for (int i = 0; i < 20; i++) {
        assertEquals(200, port.get("/version").status());
      }
      int taken = wait.taken.get();
      assertTrue(taken < 32, () -> "taken for a client that does not read: " + taken);
      long before = taken;
      var in = socket.getInputStream();
      in.skipNBytes(40L << 20);
      assertTrue(wait.taken.get() > before, "reading did not make it go on");
    }
  }

  @Test
  void aStoppingListenerCutsLongPolls() throws IOException {
    try (var stream = port.open("/v2/keys/w?wait=true")) {
      port.listener.stop(Duration.ofSeconds(5)).toCompletableFuture().join();
      assertEquals(HttpStream.State.BROKEN, stream.awaitEnd(TestPort.PATIENCE));
      assertClosed();
    }
  }

  @Test
  void aClearedHistoryIsAnOrdinaryError() {
    var cause = Bytes.utf8("the requested history has been cleared [230/129]");
    port.waits =
        (path, recursive, stream, index, ready) ->
            new KeyWaits.Refused(
                new Refusal.Tree(Refusal.Tree.Code.EVENT_INDEX_CLEARED, cause, 1229));
    var reply = port.get("/v2/keys/roll?wait=true&waitIndex=129");
    assertEquals(400, reply.status());
    assertEquals(
        "{\"errorCode\":401,\"message\":\"The event in requested index is outdated and cleared\","
            + "\"cause\":\"the requested history has been cleared [230/129]\",\"index\":1229}\n",
        reply.body());
    assertEquals(Optional.of("1229"), reply.header("X-Etcd-Index"));
  }
}
