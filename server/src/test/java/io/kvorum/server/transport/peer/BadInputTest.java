// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.raft.Message;
import io.kvorum.raft.RaftWire;
import io.kvorum.server.transport.peer.PeerNetwork.Address;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What must not come to a peer port, and comes: the member says so and goes on. */
class BadInputTest {

  private static final long SELF = 0xb31c02ac56e1ddb7L;
  private static final long FRIEND = 0x70402fb9c3e3e4d5L;
  private static final long SEED = 8069;
  private static final byte[] NOTHING = {};
  private static final Duration SILENCE = Duration.ofSeconds(6);

  private TestNode node;
  private TestNode friend;

  @BeforeEach
  void start() throws Exception {
    node = TestNode.started(SELF);
    friend = TestNode.started(FRIEND);
    node.members(List.of(new Address(FRIEND, List.of(friend.url()))));
    friend.members(List.of(new Address(SELF, List.of(node.url()))));
  }

  /** Whatever happened, the member goes on. */
  @AfterEach
  void itGoesOn() throws Exception {
    node.inbox.messages.clear();
    byte[] body = RaftWire.encode(beat(FRIEND, 99)).toArray();
    assertEquals(204, node.ask("POST", "/raft", node.headersOf(FRIEND), body).status());
    assertEquals(beat(FRIEND, 99), TestInbox.next(node.inbox.messages));
    node.close();
    friend.close();
  }

  // --- noise ---

  @Test
  void noiseOnThePortIsNoRequest() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int run = 0; run < 50; run++) {
      try (Socket socket = RawHttp.connect(node.port)) {
        byte[] noise = noise(random, 1 + random.nextInt(4000));
        noise[noise.length - 1] = '\n';
        socket.getOutputStream().write(noise);
        socket.shutdownOutput();
        drain(socket.getInputStream());
      }
    }
  }

  @Test
  void noiseInABodyIsRefused() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int run = 0; run < 60; run++) {
      byte[] noise = noise(random, random.nextInt(2000));
      if (run % 2 == 0 && noise.length > Long.BYTES) {
        ByteBuffer.wrap(noise).putLong(noise.length - Long.BYTES);
      }
      for (String path : List.of("/raft", "/raft/snapshot")) {
        RawHttp.Reply reply = node.ask("POST", path, node.headersOf(FRIEND), noise);
        // An empty body is a message without any field, of a kind that is not for the network.
        boolean empty = noise.length == 0 && path.equals("/raft");
        assertEquals(empty ? 204 : 400, reply.status(), path + ", run " + run + ": " + reply);
      }
    }
    assertTrue(node.inbox.messages.isEmpty());
  }

  @Test
  void noiseOnAStreamEndsItAndItIsDialledAgain() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    try (ServerSocket peer = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      node.members(
          List.of(new Address(FRIEND, List.of("http://127.0.0.1:" + peer.getLocalPort()))));
      for (int dial = 0; dial < 10; dial++) {
        try (Socket socket = peer.accept()) {
          socket.setSoTimeout(20_000);
          RawHttp.readLines(socket.getInputStream());
          byte[] noise = noise(random, 64);
          noise[0] = (byte) 0x80;
          RawHttp.send(
              socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n", noise);
          drain(socket.getInputStream());
        }
      }
    }
    assertTrue(node.inbox.messages.isEmpty());
  }

  private static byte[] noise(SplittableRandom random, int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  /** Reads until the other side ends the connection, politely or not. */
  private static void drain(InputStream in) throws IOException {
    byte[] piece = new byte[8192];
    try {
      for (int read = 0; read >= 0; read = in.read(piece)) {
        assertTrue(read >= 0);
      }
    } catch (SocketException reset) {
      assertTrue(String.valueOf(reset.getMessage()).contains("reset"), reset.toString());
    }
  }

  // --- halves ---

  @Test
  void halfARequestIsCutAfterAWhile() throws Exception {
    List<Socket> halves = new ArrayList<>();
    for (String path : List.of("/raft", "/raft/snapshot")) {
      Socket socket = RawHttp.connect(node.port);
      Map<String, String> headers = node.headersOf(FRIEND);
      headers.put("Content-Length", "1000");
      headers.put("Expect", "100-continue");
      RawHttp.send(socket, RawHttp.head("POST", path, headers), NOTHING);
      assertEquals(100, RawHttp.readHead(socket.getInputStream()).status());
      socket.getOutputStream().write(new byte[10]);
      halves.add(socket);
    }
    try (Socket head = RawHttp.connect(node.port)) {
      RawHttp.send(head, "POST /raft HTTP/1.1\r\nX-Ser", NOTHING);
      for (Socket half : halves) {
        awaitEnd(half);
        half.close();
      }
    }
  }

  /** Its last bytes may still be on their way when the time begins to pass. */
  private void awaitEnd(Socket socket) throws Exception {
    socket.setSoTimeout(100);
    for (int silence = 0; silence < 200; silence++) {
      node.pass(SILENCE);
      try {
        drain(socket.getInputStream());
        return;
      } catch (SocketTimeoutException open) {
        assertTrue(socket.isConnected());
      }
    }
    fail("never cut");
  }

  @Test
  void aBodyThatBreaksOffIsForgotten() throws Exception {
    for (int run = 0; run < 20; run++) {
      try (Socket socket = RawHttp.connect(node.port)) {
        Map<String, String> headers = node.headersOf(FRIEND);
        headers.put("Content-Length", "1000");
        RawHttp.send(socket, RawHttp.head("POST", "/raft/snapshot", headers), new byte[500]);
      }
    }
    assertTrue(node.inbox.snapshots.isEmpty());
  }

  // --- too much ---

  @Test
  void aSnapshotThatClaimsAnAbsurdLengthIsRefusedAtOnce() throws Exception {
    try (Socket socket = RawHttp.connect(node.port)) {
      Map<String, String> headers = node.headersOf(FRIEND);
      headers.put("Content-Length", Long.toString(1L << 40));
      RawHttp.send(
          socket,
          RawHttp.head("POST", "/raft/snapshot", headers),
          ByteBuffer.allocate(8).putLong(1L << 39).array());
      RawHttp.Reply reply = RawHttp.readHead(socket.getInputStream());
      assertEquals(400, reply.status());
      assertEquals("close", reply.header("Connection"));
      drain(socket.getInputStream());
    }
  }

  @Test
  void thousandsOfIdleConnectionsDoNotMatter() throws Exception {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 2000; i++) {
        idle.add(new Socket("127.0.0.1", node.port));
      }
      itDelivers();
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  private void itDelivers() throws Exception {
    TestNode.await("the stream is up", () -> node.network.activeSince(FRIEND) >= 0);
    friend.network.send(List.of(beat(FRIEND, 5)));
    assertEquals(beat(FRIEND, 5), TestInbox.next(node.inbox.messages));
  }

  // --- lies ---

  @Test
  void aMessageOfSomebodyElseIsIgnored() throws Exception {
    TestNode.await("the stream is up", () -> node.network.activeSince(FRIEND) >= 0);
    friend.network.send(List.of(beat(77, 1), beat(FRIEND, 2)));
    assertEquals(beat(FRIEND, 2), TestInbox.next(node.inbox.messages));
    byte[] body = RaftWire.encode(beat(77, 3)).toArray();
    assertEquals(400, node.ask("POST", "/raft", node.headersOf(FRIEND), body).status());
    assertTrue(node.inbox.messages.isEmpty());
  }

  @Test
  void aMessageForSomebodyElseIsRefused() throws Exception {
    byte[] body = RaftWire.encode(new Message.Heartbeat(77, FRIEND, 5, 1, Bytes.EMPTY)).toArray();
    assertEquals(400, node.ask("POST", "/raft", node.headersOf(FRIEND), body).status());
    assertTrue(node.inbox.messages.isEmpty());
  }

  @Test
  void workThatWasPassedOnMayNameItsAuthor() throws Exception {
    Message read = new Message.ReadIndex(SELF, 77, Bytes.utf8("context"));
    byte[] body = RaftWire.encode(read).toArray();
    assertEquals(204, node.ask("POST", "/raft", node.headersOf(FRIEND), body).status());
    assertEquals(read, TestInbox.next(node.inbox.messages));
  }

  @Test
  void aSenderWithoutAPlaceIsNotRemembered() throws Exception {
    for (String urls : List.of("", ",", "nonsense", "ftp://x:1", "http://", "http://a b:1", "//")) {
      Map<String, String> headers = node.headersOf(77);
      headers.put("X-PeerURLs", urls);
      headers.put("X-Raft-To", MemberId.hex(SELF));
      RawHttp.Reply reply = node.ask("GET", "/raft/stream/message/4d", headers, NOTHING);
      assertEquals(404, reply.status(), urls);
      assertEquals("error sender not found\n", reply.body());
    }
    node.network.sendSnapshot(
        new Message.InstallSnapshot(77, SELF, 5, io.kvorum.raft.SnapshotMetadata.EMPTY),
        TestNode.state(TestNode.bytes("{}"), 0));
    assertEquals(new TestInbox.Sent(77, false), TestInbox.next(node.inbox.snapshotsSent));
  }

  private static Message beat(long from, long commit) {
    return new Message.Heartbeat(SELF, from, 5, commit, Bytes.EMPTY);
  }
}
