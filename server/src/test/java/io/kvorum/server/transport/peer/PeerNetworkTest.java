// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.Message;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.consensus.StateForPeer;
import io.kvorum.server.transport.peer.PeerNetwork.Address;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two networks against each other over real sockets; time passes when the test says so. */
class PeerNetworkTest {

  private static final long A = 0xb31c02ac56e1ddb7L;
  private static final long B = 0x70402fb9c3e3e4d5L;
  private static final Duration SILENCE = Duration.ofSeconds(6);
  private static final Duration BEAT = Duration.ofSeconds(2);
  private static final StateForPeer NOTHING = TestNode.state(TestNode.bytes("{}"), 0);
  private static final SnapshotMetadata SNAPSHOT =
      new SnapshotMetadata(new LogPosition(5, 9), ConfState.of(List.of(A, B), List.of()));

  private TestNode a;
  private TestNode b;

  /** The way from a to b: what b says to a's streams passes here. */
  private Cable cable;

  @BeforeEach
  void start() throws Exception {
    a = TestNode.started(A);
    b = TestNode.started(B);
    cable = new Cable(b.port);
    a.members(List.of(new Address(B, List.of(cable.url()))));
    b.members(List.of(new Address(A, List.of(a.url()))));
    awaitStreams(a, B);
    awaitStreams(b, A);
  }

  @AfterEach
  void stop() throws Exception {
    a.close();
    b.close();
    cable.close();
  }

  private static void awaitStreams(TestNode node, long to) {
    TestNode.await(
        MemberId.hex(to) + " listens to both streams",
        () -> Objects.requireNonNull(node.network.member(to)).streamsOut() == 2);
  }

  // --- delivery ---

  @Test
  void messagesArriveInOrderOnEachChannel() throws Exception {
    List<Message> appends = new ArrayList<>();
    List<Message> beats = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Message append = append(i);
      Message beat = beat(A, B, i);
      appends.add(append);
      beats.add(beat);
      b.network.send(List.of(append, beat));
    }
    List<Message> appendsGot = new ArrayList<>();
    List<Message> beatsGot = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Message got = TestInbox.next(a.inbox.messages);
      (got instanceof Message.Append ? appendsGot : beatsGot).add(got);
    }
    assertEquals(appends, appendsGot);
    assertEquals(beats, beatsGot);
    assertTrue(b.inbox.unreachable.isEmpty());
  }

  @Test
  void messagesOnTheirWayOutlastAChangeOfAddresses() throws Exception {
    CountDownLatch changed = new CountDownLatch(1);
    b.network.vertx().runOnContext(ignored -> awaitOpen(changed));
    b.network.update(List.of(new Address(A, List.of(a.url(), a.url()))), Set.of());
    List<Message> sent = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      sent.add(beat(A, B, i));
    }
    b.network.send(sent);
    changed.countDown();
    Set<Message> got = new HashSet<>();
    for (int i = 0; i < sent.size(); i++) {
      got.add(TestInbox.next(a.inbox.messages));
    }
    assertEquals(Set.copyOf(sent), got);
  }

  private static void awaitOpen(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Every third one does not continue where the last one ended. */
  private static Message append(int number) {
    int index = number + number / 3;
    Entry entry = new Entry(EntryType.NORMAL, 5, index + 1, Bytes.utf8("value " + number));
    return new Message.Append(A, B, 5, new LogPosition(5, index), List.of(entry), number);
  }

  private static Message beat(long to, long from, long commit) {
    return new Message.Heartbeat(to, from, 5, commit, Bytes.EMPTY);
  }

  // --- connections that fail ---

  @Test
  void aCutConnectionIsDialledAgain() throws Exception {
    int before = cable.accepted();
    cable.cut();
    TestNode.await("both streams are dialled again", () -> cable.accepted() >= before + 2);
    deliverAtLast(b, a);
  }

  @Test
  void aSilentConnectionIsDroppedAndDialledAgain() throws Exception {
    cable.silence(true);
    for (int round = 0; round < 2; round++) {
      int before = cable.asked();
      // Time goes on while a connection comes up: the beat that finds it silent may be a later one.
      TestNode.await(
          "both streams are asked for again", () -> a.passed(BEAT) && cable.asked() >= before + 2);
    }
    cable.silence(false);
    a.pass(SILENCE);
    deliverAtLast(b, a);
  }

  @Test
  void heartbeatsKeepQuietConnectionsUp() throws Exception {
    TestNode.await("a hears b", () -> a.network.activeSince(B) >= 0);
    long since = a.network.activeSince(B);
    int before = cable.accepted();
    for (int beat = 0; beat < 10; beat++) {
      b.pass(Duration.ofSeconds(2));
      // Behind the heartbeat of each stream, so that it has come when time goes on.
      deliver(b, append(beat), a);
      deliver(b, beat(A, B, beat), a);
      a.pass(Duration.ofSeconds(2));
    }
    assertEquals(since, a.network.activeSince(B));
    assertEquals(before, cable.accepted());
  }

  @Test
  void oneThatDoesNotAnswerIsReportedUnreachable() throws Exception {
    long nobody = 77;
    a.members(
        List.of(
            new Address(B, List.of(cable.url())),
            new Address(nobody, List.of("http://127.0.0.1:1"))));
    a.network.send(List.of(beat(nobody, A, 1)));
    assertEquals(nobody, TestInbox.next(a.inbox.unreachable));
    deliver(a, beat(B, A, 1), b);
  }

  @Test
  void theNextUrlIsTriedWhenOneDoesNotWork() throws Exception {
    a.members(List.of(new Address(B, List.of("http://127.0.0.1:1", b.url()))));
    TestNode.await("b is reached", () -> a.network.activeSince(B) >= 0);
    deliverAtLast(b, a);
  }

  /** Sends until something arrives: what goes into a stream that is just ending is lost. */
  private static void deliverAtLast(TestNode from, TestNode to) throws Exception {
    Message got = null;
    for (int number = 0; got == null && number < 400; number++) {
      from.network.send(List.of(beat(to.id, from.id, number)));
      got = to.inbox.messages.poll(50, TimeUnit.MILLISECONDS);
    }
    assertTrue(got instanceof Message.Heartbeat, "nothing arrived");
  }

  private static void deliver(TestNode from, Message message, TestNode to) throws Exception {
    from.network.send(List.of(message));
    assertEquals(message, TestInbox.next(to.inbox.messages));
  }

  // --- removal ---

  @Test
  void whoIsRemovedIsTold() throws Exception {
    b.members(List.of(), A);
    assertEquals("removed", TestInbox.next(a.removals));
    a.network.send(List.of(beat(B, A, 1)));
    assertEquals("removed", TestInbox.next(a.removals));
    assertTrue(b.inbox.messages.isEmpty());
  }

  @Test
  void onlyAMemberCanSayThatOneIsRemoved() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      a.members(List.of(new Address(B, List.of("http://127.0.0.1:" + other.getLocalPort()))));
      for (int dial = 0; dial < 6; dial++) {
        try (Socket socket = other.accept()) {
          socket.setSoTimeout(20_000);
          RawHttp.readLines(socket.getInputStream());
          String status = dial % 2 == 0 ? "410 Gone" : "403 Forbidden";
          RawHttp.send(
              socket,
              "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
              new byte[0]);
          readToEnd(socket.getInputStream());
        }
      }
    }
    assertTrue(a.removals.isEmpty());
  }

  private static void readToEnd(InputStream in) throws Exception {
    new ByteArrayOutputStream().writeBytes(in.readAllBytes());
  }

  // --- releases ---

  @Test
  void ourOwnMembersAreNotTakenForOthers() {
    a.treeInUse = true;
    b.treeInUse = true;
    assertEquals(Optional.empty(), a.network.memberWithoutV2());
    assertEquals(Optional.empty(), b.network.memberWithoutV2());
  }

  @Test
  void theReleaseOfOneThatIsDialledIsKnownToo() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      a.members(List.of(new Address(B, List.of("http://127.0.0.1:" + other.getLocalPort()))));
      try (Socket socket = other.accept()) {
        RawHttp.readLines(socket.getInputStream());
        RawHttp.send(
            socket,
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nX-Server-Version: 3.6.4\r\n"
                + "X-Etcd-Cluster-Id: "
                + MemberId.hex(TestNode.CLUSTER)
                + "\r\n\r\n",
            new byte[0]);
        TestNode.await("it is known", () -> a.network.memberWithoutV2().isPresent());
      }
    }
    assertEquals(Optional.of(new PeerNetwork.WithoutV2(B, "3.6.4")), a.network.memberWithoutV2());
  }

  // --- snapshots ---

  @Test
  void aSnapshotIsDeliveredAndReported() throws Exception {
    Message.InstallSnapshot install = new Message.InstallSnapshot(B, A, 5, SNAPSHOT);
    Bytes tree = TestNode.bytes("{\"Root\":" + "x".repeat(3 << 20) + "}");
    a.network.sendSnapshot(install, TestNode.state(tree, 5_000_000));
    assertEquals(
        new TestInbox.Got(install, tree, Bytes.wrap(new byte[5_000_000])),
        TestInbox.next(b.inbox.snapshots));
    assertEquals(new TestInbox.Sent(B, true), TestInbox.next(a.inbox.snapshotsSent));
    assertTrue(a.inbox.unreachable.isEmpty());
  }

  @Test
  void aSnapshotThatIsNotKeptIsReported() throws Exception {
    b.inbox.keepsSnapshots = false;
    a.network.sendSnapshot(new Message.InstallSnapshot(B, A, 5, SNAPSHOT), NOTHING);
    assertEquals(new TestInbox.Sent(B, false), TestInbox.next(a.inbox.snapshotsSent));
    assertEquals(B, TestInbox.next(a.inbox.unreachable));
  }

  @Test
  void aSnapshotToNobodyOrThroughACutCableIsReported() throws Exception {
    a.network.sendSnapshot(new Message.InstallSnapshot(77, A, 5, SNAPSHOT), NOTHING);
    assertEquals(new TestInbox.Sent(77, false), TestInbox.next(a.inbox.snapshotsSent));
    cable.close();
    a.network.sendSnapshot(new Message.InstallSnapshot(B, A, 5, SNAPSHOT), NOTHING);
    assertEquals(new TestInbox.Sent(B, false), TestInbox.next(a.inbox.snapshotsSent));
  }

  // --- a reader that stands still ---

  @Test
  void aSlowReaderCostsABoundedQueueThenItsConnection() throws Exception {
    long slow = 77;
    b.members(
        List.of(
            new Address(A, List.of(a.url())), new Address(slow, List.of("http://127.0.0.1:1"))));
    try (Socket reader = RawHttp.connect(b.port)) {
      Map<String, String> headers = b.headersOf(slow);
      headers.put("X-Raft-To", MemberId.hex(B));
      RawHttp.send(reader, RawHttp.head("GET", "/raft/stream/message/4d", headers), new byte[0]);
      assertEquals(200, RawHttp.readHead(reader.getInputStream()).status());
      Bytes big = Bytes.wrap("x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII));
      int sent = 0;
      while (b.inbox.unreachable.isEmpty()) {
        b.network.send(List.of(new Message.Heartbeat(slow, B, 5, 1, big)));
        b.onLoop(() -> {});
        sent++;
        assertTrue(sent < 200, "no bound on what waits for a slow reader");
      }
      deliver(b, beat(A, B, 1), a);
      b.pass(SILENCE);
      b.pass(SILENCE);
      TestNode.await(
          "the slow reader is cut",
          () -> Objects.requireNonNull(b.network.member(slow)).streamsOut() == 0);
    }
    awaitStreams(b, A);
    deliver(b, beat(A, B, 2), a);
  }

  // --- the end ---

  @Test
  void afterTheEndNothingIsLeft() throws Exception {
    a.network.stop();
    TestNode.await("all connections are closed", () -> cable.open() == 0);
    int accepted = cable.accepted();
    a.network.send(List.of(beat(B, A, 1)));
    a.network.sendSnapshot(new Message.InstallSnapshot(B, A, 5, SNAPSHOT), NOTHING);
    assertEquals(new TestInbox.Sent(B, false), TestInbox.next(a.inbox.snapshotsSent));
    a.pass(SILENCE);
    assertEquals(accepted, cable.accepted());
  }

  @Test
  void noThreadIsLeft() throws Exception {
    Set<Thread> before = threads();
    TestNode extra = TestNode.started(77);
    extra.members(List.of(new Address(B, List.of(b.url()))));
    TestNode.await("a thread was there", () -> threads().size() > before.size());
    extra.close();
    TestNode.await("no thread is left", () -> before.containsAll(threads()));
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("vert.x-"))
        .collect(Collectors.toSet());
  }
}
