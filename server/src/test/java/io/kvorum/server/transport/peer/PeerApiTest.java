// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.Message;
import io.kvorum.raft.RaftWire;
import io.kvorum.raft.SnapshotMetadata;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The peer port over a socket: order of checks, statuses, headers and texts as etcd 3.4 has them.
 */
class PeerApiTest {

  private static final long SELF = 0xb31c02ac56e1ddb7L;
  private static final long FRIEND = 0x0ab80370d52a2aL;
  private static final long REMOVED = 0x9dbe0c97dc7c2dc0L;
  private static final long STRANGER = 0x70402fb9c3e3e4d5L;
  private static final String STREAM = "/raft/stream/message/";
  private static final byte[] NOTHING = {};

  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    node = TestNode.started(SELF);
    // Nobody listens there: what the node dials does not matter here.
    node.members(List.of(new PeerNetwork.Address(FRIEND, List.of("http://127.0.0.1:1"))), REMOVED);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  // --- methods and paths ---

  @Test
  void theWrongMethodComesFirstAndNamesTheRightOne() throws Exception {
    for (String path : List.of("/raft", "/raft/snapshot")) {
      assertWrongMethod("POST", node.ask("GET", path, Map.of(), NOTHING));
    }
    for (String path : List.of(STREAM + "1", "/members", "/version")) {
      assertWrongMethod("GET", node.ask("POST", path, Map.of(), NOTHING));
    }
  }

  private static void assertWrongMethod(String right, RawHttp.Reply reply) {
    assertText(405, "Method Not Allowed", reply);
    assertEquals(right, reply.header("Allow"));
    assertEquals("", reply.header("X-Etcd-Cluster-ID"));
    assertEquals("", reply.header("X-Server-Version"));
  }

  @Test
  void unknownPathsAreNotFound() throws Exception {
    for (String path : List.of("/", "/raft/", "/raft/x", "/v2/keys", "/members/", "/raftx", "*")) {
      assertText(404, "404 page not found", node.ask("GET", path, Map.of(), NOTHING));
    }
  }

  // --- what every raft request has to pass ---

  @Test
  void anOldVersionIsIncompatible() throws Exception {
    for (String version : List.of("2.3.8", "2.0.0", "x", "")) {
      assertRefused("incompatible version", "X-Server-Version", version);
    }
  }

  @Test
  void oneThatWantsANewerClusterIsIncompatible() throws Exception {
    assertRefused("incompatible version", "X-Min-Cluster-Version", "3.8.0");
    assertRefused("incompatible version", "X-Min-Cluster-Version", "4.0.0");
  }

  @Test
  void anotherClusterIsRefused() throws Exception {
    assertRefused("cluster ID mismatch", "X-Etcd-Cluster-ID", "1");
    assertRefused("cluster ID mismatch", "X-Etcd-Cluster-ID", "nonsense");
  }

  @Test
  void theVersionIsCheckedBeforeTheCluster() throws Exception {
    Map<String, String> headers = node.headersOf(FRIEND);
    headers.put("X-Etcd-Cluster-ID", "1");
    headers.remove("X-Server-Version");
    assertText(412, "incompatible version", node.ask("POST", "/raft", headers, NOTHING));
  }

  private void assertRefused(String text, String header, String value) throws Exception {
    Map<String, String> headers = node.headersOf(FRIEND);
    headers.put("X-Raft-To", MemberId.hex(SELF));
    headers.put(header, value);
    for (String path : List.of("/raft", "/raft/snapshot")) {
      RawHttp.Reply reply = node.ask("POST", path, headers, heartbeat(FRIEND));
      assertText(412, text, reply);
      assertEquals(MemberId.hex(TestNode.CLUSTER), reply.header("X-Etcd-Cluster-ID"));
    }
    RawHttp.Reply reply = node.ask("GET", STREAM + MemberId.hex(FRIEND), headers, NOTHING);
    assertText(412, text, reply);
    assertEquals(MemberId.hex(TestNode.CLUSTER), reply.header("X-Etcd-Cluster-ID"));
    assertEquals(TestNode.VERSION, reply.header("X-Server-Version"));
    assertTrue(node.inbox.messages.isEmpty());
  }

  @Test
  void aNewerReleaseIsWelcome() throws Exception {
    Map<String, String> headers = node.headersOf(FRIEND);
    headers.put("X-Server-Version", "4.9.0");
    assertEquals(204, node.ask("POST", "/raft", headers, heartbeat(FRIEND)).status());
  }

  // --- genuine members that end themselves at a v2 write ---

  @Test
  void aMemberWithoutV2IsWelcomeAsLongAsThereIsNothingOfV2() throws Exception {
    assertEquals(Optional.empty(), node.network.memberWithoutV2());
    assertEquals(204, askAs("3.6.4").status());
    assertEquals(
        Optional.of(new PeerNetwork.WithoutV2(FRIEND, "3.6.4")), node.network.memberWithoutV2());
    assertEquals(204, askAs("3.5.21").status());
    assertEquals(Optional.empty(), node.network.memberWithoutV2());
  }

  @Test
  void aMemberWithoutV2IsKeptAwayFromWhatWouldEndIt() throws Exception {
    node.treeInUse = true;
    assertText(412, "incompatible version", askAs("3.6.4"));
    assertEquals(204, askAs("3.5.21").status());
    assertText(412, "incompatible version", askAs("3.7.0"));
    node.network.send(List.of(new Message.Heartbeat(FRIEND, SELF, 5, 7, Bytes.EMPTY)));
    assertEquals(FRIEND, TestInbox.next(node.inbox.unreachable));
    Message.InstallSnapshot own = install(SELF);
    node.network.sendSnapshot(
        new Message.InstallSnapshot(FRIEND, SELF, 5, own.snapshot()),
        TestNode.state(TestNode.bytes("{}"), 0));
    assertEquals(new TestInbox.Sent(FRIEND, false), TestInbox.next(node.inbox.snapshotsSent));
  }

  @Test
  void ourOwnMembersKnowEachOther() throws Exception {
    node.treeInUse = true;
    Map<String, String> headers = node.headersOf(FRIEND);
    headers.put("X-Kvorum-Version", "0.1.0");
    RawHttp.Reply reply = node.ask("POST", "/raft", headers, heartbeat(FRIEND));
    assertEquals(204, reply.status());
    assertEquals("test", reply.header("X-Kvorum-Version"));
    assertEquals(Optional.empty(), node.network.memberWithoutV2());
  }

  @Test
  void othersSeeOnlyHeadersOfEtcd() throws Exception {
    RawHttp.Reply reply = node.ask("POST", "/raft", node.headersOf(FRIEND), heartbeat(FRIEND));
    assertEquals(204, reply.status());
    assertEquals("", reply.header("X-Kvorum-Version"));
  }

  private RawHttp.Reply askAs(String version) throws Exception {
    Map<String, String> headers = node.headersOf(FRIEND);
    headers.put("X-Server-Version", version);
    return node.ask("POST", "/raft", headers, heartbeat(FRIEND));
  }

  // --- /raft ---

  @Test
  void aMessageIsTakenWithoutAnAnswerBody() throws Exception {
    RawHttp.Reply reply = node.ask("POST", "/raft", node.headersOf(FRIEND), heartbeat(FRIEND));
    assertEquals(204, reply.status());
    assertEquals("", reply.body());
    assertEquals(MemberId.hex(TestNode.CLUSTER), reply.header("X-Etcd-Cluster-ID"));
    assertEquals(
        new Message.Heartbeat(SELF, FRIEND, 5, 7, Bytes.EMPTY),
        TestInbox.next(node.inbox.messages));
  }

  @Test
  void whatIsNoMessageIsRefused() throws Exception {
    byte[] noise = {(byte) 0xff, (byte) 0xff, 1};
    assertText(
        400,
        "error unmarshalling raft message",
        node.ask("POST", "/raft", node.headersOf(FRIEND), noise));
  }

  @Test
  void aRemovedMemberIsForbiddenToSpeak() throws Exception {
    RawHttp.Reply reply = node.ask("POST", "/raft", node.headersOf(REMOVED), heartbeat(REMOVED));
    assertEquals(403, reply.status());
    assertEquals("application/json", reply.header("Content-Type"));
    assertEquals("{\"message\":\"cannot process message from removed member\"}", reply.body());
    assertTrue(node.inbox.messages.isEmpty());
  }

  @Test
  void aSnapshotWithoutItsDatabaseIsNotTaken() throws Exception {
    byte[] body = RaftWire.encode(install(FRIEND), TestNode.bytes("{}")).toArray();
    assertText(
        500,
        "error processing raft message",
        node.ask("POST", "/raft", node.headersOf(FRIEND), body));
    assertTrue(node.inbox.snapshots.isEmpty());
  }

  // --- /raft/snapshot ---

  @Test
  void aSnapshotIsKeptAndAnsweredAfterwards() throws Exception {
    RawHttp.Reply reply = askSnapshot(FRIEND, framed(install(FRIEND)));
    assertEquals(204, reply.status());
    assertEquals(
        new TestInbox.Got(install(FRIEND), TestNode.bytes("{}"), Bytes.EMPTY),
        TestInbox.next(node.inbox.snapshots));
  }

  @Test
  void theDatabaseBehindItIsTakenPieceByPiece() throws Exception {
    byte[] head = framed(install(FRIEND));
    byte[] database = new byte[3_000_001];
    new SplittableRandom(1).nextBytes(database);
    ByteBuffer body = ByteBuffer.allocate(head.length + database.length);
    body.put(head).put(database);
    assertEquals(204, askSnapshot(FRIEND, body.array()).status());
    assertEquals(
        new TestInbox.Got(install(FRIEND), TestNode.bytes("{}"), Bytes.wrap(database)),
        TestInbox.next(node.inbox.snapshots));
  }

  @Test
  void aSnapshotThatCanNotBeKeptIsAnError() throws Exception {
    node.inbox.keepsSnapshots = false;
    RawHttp.Reply reply = askSnapshot(FRIEND, framed(install(FRIEND)));
    assertEquals(500, reply.status());
    assertTrue(reply.body().startsWith("failed to save KV snapshot ("), reply.body());
  }

  @Test
  void aSnapshotThatIsNoneIsRefused() throws Exception {
    for (byte[] body :
        List.of(
            NOTHING,
            new byte[] {0, 0, 0},
            ByteBuffer.allocate(12).putLong(5).array(),
            ByteBuffer.allocate(12).putLong(-5).array(),
            ByteBuffer.allocate(12).putLong(Long.MAX_VALUE).array(),
            ByteBuffer.allocate(12).putLong(4).putInt(-1).array())) {
      RawHttp.Reply reply = askSnapshot(FRIEND, body);
      assertEquals(400, reply.status());
      assertTrue(reply.body().startsWith("failed to decode raft message ("), reply.body());
    }
    assertText(
        400,
        "wrong raft message type",
        askSnapshot(FRIEND, framed(new Message.Heartbeat(SELF, FRIEND, 5, 7, Bytes.EMPTY))));
  }

  @Test
  void aRemovedMembersSnapshotIsForbidden() throws Exception {
    assertEquals(403, askSnapshot(REMOVED, framed(install(REMOVED))).status());
    assertTrue(node.inbox.snapshots.isEmpty());
  }

  private RawHttp.Reply askSnapshot(long from, byte[] body) throws Exception {
    return node.ask("POST", "/raft/snapshot", node.headersOf(from), body);
  }

  private static byte[] framed(Message message) {
    Bytes snapshotData =
        message instanceof Message.InstallSnapshot ? TestNode.bytes("{}") : Bytes.EMPTY;
    byte[] encoded = RaftWire.encode(message, snapshotData).toArray();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(encoded.length).array());
    body.writeBytes(encoded);
    return body.toByteArray();
  }

  // --- /raft/stream ---

  @Test
  void aStreamOfAnUnknownKindHasNoPath() throws Exception {
    for (String path :
        List.of(
            "/raft/stream/",
            "/raft/stream/message",
            "/raft/stream/snapshot/1",
            "/raft/stream/message/1/2")) {
      assertText(404, "invalid path", node.ask("GET", path, node.headersOf(FRIEND), NOTHING));
    }
  }

  @Test
  void aStreamNeedsTheIdOfWhoComes() throws Exception {
    for (String id : List.of("", "xyz", "-1", "+1", "11111111111111111")) {
      assertText(404, "invalid from", node.ask("GET", STREAM + id, node.headersOf(1), NOTHING));
    }
  }

  @Test
  void aRemovedMemberIsGoneForGood() throws Exception {
    RawHttp.Reply reply = askStream(REMOVED, SELF);
    assertText(410, "removed member", reply);
    assertEquals(MemberId.hex(TestNode.CLUSTER), reply.header("X-Etcd-Cluster-ID"));
    assertEquals(TestNode.VERSION, reply.header("X-Server-Version"));
  }

  @Test
  void anUnknownMemberIsNotFoundAndRemembered() throws Exception {
    try (TestNode stranger = TestNode.started(STRANGER)) {
      Map<String, String> headers = node.headersOf(STRANGER);
      headers.put("X-PeerURLs", stranger.url());
      headers.put("X-Raft-To", MemberId.hex(SELF));
      assertText(
          404,
          "error sender not found",
          node.ask("GET", STREAM + MemberId.hex(STRANGER), headers, NOTHING));
      Message answer = new Message.AppendAccepted(STRANGER, SELF, 5, 9);
      node.network.send(List.of(answer));
      assertEquals(answer, TestInbox.next(stranger.inbox.messages));
    }
  }

  @Test
  void aStreamMeantForSomebodyElseIsRefused() throws Exception {
    RawHttp.Reply reply = askStream(FRIEND, STRANGER);
    assertText(412, "to field mismatch", reply);
    assertEquals(TestNode.VERSION, reply.header("X-Server-Version"));
  }

  @Test
  void aStreamOpensAtOnceAndCarriesWhatIsSent() throws Exception {
    try (Socket socket = RawHttp.connect(node.port)) {
      Map<String, String> headers = node.headersOf(FRIEND);
      headers.put("X-Raft-To", MemberId.hex(SELF));
      RawHttp.send(socket, RawHttp.head("GET", STREAM + MemberId.hex(FRIEND), headers), NOTHING);
      RawHttp.Reply reply = RawHttp.readHead(socket.getInputStream());
      assertEquals(200, reply.status());
      assertEquals("chunked", reply.header("Transfer-Encoding"));
      assertEquals("", reply.header("Content-Type"));
      assertEquals(MemberId.hex(TestNode.CLUSTER), reply.header("X-Etcd-Cluster-ID"));
      assertEquals(TestNode.VERSION, reply.header("X-Server-Version"));
      Message beat = new Message.Heartbeat(FRIEND, SELF, 5, 7, Bytes.EMPTY);
      node.network.send(List.of(beat));
      byte[] encoded = RaftWire.encode(beat).toArray();
      byte[] chunk = socket.getInputStream().readNBytes(4 + Long.BYTES + encoded.length + 2);
      assertEquals(
          Integer.toHexString(Long.BYTES + encoded.length) + "\r\n",
          new String(chunk, 0, 4, StandardCharsets.US_ASCII));
      assertEquals(encoded.length, ByteBuffer.wrap(chunk, 4, Long.BYTES).getLong());
    }
  }

  @Test
  void aNewerStreamTakesThePlaceOfTheOlder() throws Exception {
    Map<String, String> headers = node.headersOf(FRIEND);
    headers.put("X-Raft-To", MemberId.hex(SELF));
    String head = RawHttp.head("GET", STREAM + MemberId.hex(FRIEND), headers);
    try (Socket older = RawHttp.connect(node.port);
        Socket newer = RawHttp.connect(node.port)) {
      RawHttp.send(older, head, NOTHING);
      assertEquals(200, RawHttp.readHead(older.getInputStream()).status());
      RawHttp.send(newer, head, NOTHING);
      assertEquals(200, RawHttp.readHead(newer.getInputStream()).status());
      assertEquals(
          "0\r\n\r\n", new String(older.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
    }
  }

  private RawHttp.Reply askStream(long from, long to) throws Exception {
    Map<String, String> headers = node.headersOf(from);
    headers.put("X-Raft-To", MemberId.hex(to));
    return node.ask("GET", STREAM + MemberId.hex(from), headers, NOTHING);
  }

  // --- the small ones ---

  @Test
  void probingTellsTheTime() throws Exception {
    RawHttp.Reply reply = node.ask("GET", "/raft/probing", Map.of(), NOTHING);
    assertEquals(200, reply.status());
    assertEquals("{\"OK\":true,\"Now\":\"2023-11-14T22:13:20.123456789Z\"}\n", reply.body());
  }

  @Test
  void membersAndVersionAreJson() throws Exception {
    RawHttp.Reply members = node.ask("GET", "/members", Map.of(), NOTHING);
    assertEquals(200, members.status());
    assertEquals("application/json", members.header("Content-Type"));
    assertEquals(MemberId.hex(TestNode.CLUSTER), members.header("X-Etcd-Cluster-ID"));
    assertEquals("[{\"id\":1}]\n", members.body());
    RawHttp.Reply version = node.ask("GET", "/version", Map.of(), NOTHING);
    assertEquals(200, version.status());
    assertEquals("application/json", version.header("Content-Type"));
    assertEquals("", version.header("X-Etcd-Cluster-ID"));
    assertEquals("{\"etcdserver\":\"3.7.1\"}", version.body());
  }

  @Test
  void beforeTheStartRaftRequestsHaveToWait() throws Exception {
    try (TestNode starting = new TestNode(STRANGER)) {
      assertText(
          503,
          "member is starting or stopping",
          starting.ask("POST", "/raft", starting.headersOf(FRIEND), heartbeat(FRIEND)));
    }
  }

  private static byte[] heartbeat(long from) {
    return RaftWire.encode(new Message.Heartbeat(SELF, from, 5, 7, Bytes.EMPTY)).toArray();
  }

  private static Message.InstallSnapshot install(long from) {
    SnapshotMetadata snapshot =
        new SnapshotMetadata(new LogPosition(5, 9), ConfState.of(List.of(SELF, FRIEND), List.of()));
    return new Message.InstallSnapshot(SELF, from, 5, snapshot);
  }

  private static void assertText(int status, String text, RawHttp.Reply reply) {
    assertEquals(text + "\n", reply.body());
    assertEquals(status, reply.status());
    assertEquals("text/plain; charset=utf-8", reply.header("Content-Type"));
    assertEquals("nosniff", reply.header("X-Content-Type-Options"));
  }
}
