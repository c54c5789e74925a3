// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedProto;
import io.kvorum.base.ProtoWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The vectors were made by the genuine encoders of etcd 3.4.23 and of raft 3.6.0. */
class RaftWireTest {

  private static final long M1 = 0xb31c02ac56e1ddb7L;
  private static final long M2 = 0xe0cab80370d52a2aL;
  private static final Pattern VECTOR =
      Pattern.compile("\"name\": \"([^\"]*)\",\\s*\"hex\": \"([0-9a-f]*)\"");

  @TestFactory
  List<DynamicTest> messagesOfGenuineMembersPassBothWaysByteForByte() {
    return vectors("raft-messages.json").entrySet().stream()
        // Both carry what no member sends: fields of other types, and data present but empty.
        .filter(vector -> !List.of("max values", "append two entries").contains(vector.getKey()))
        .map(vector -> DynamicTest.dynamicTest(vector.getKey(), () -> bothWays(vector)))
        .toList();
  }

  private static void bothWays(Map.Entry<String, Bytes> vector) {
    Optional<RaftWire.Decoded> decoded = RaftWire.decodeMessage(vector.getValue());
    if (vector.getKey().contains("local only")) {
      assertEquals(Optional.empty(), decoded);
      return;
    }
    Message message = decoded.orElseThrow().message();
    assertEquals(
        vector.getValue().hex(), RaftWire.encode(message, decoded.get().snapshotData()).hex());
    assertEquals(
        RaftWire.encode(message).length(), RaftWire.size(message), "the size is what is written");
  }

  @Test
  void everyCaseMeansWhatTheGenuineDecoderSays() {
    Map<String, Bytes> vectors = vectors("raft-messages.json");
    assertDecoded(vectors, "vote", vote(2, false, 1, 3, false));
    assertDecoded(vectors, "vote with transfer context", vote(3, false, 2, 36, true));
    assertDecoded(vectors, "pre-vote", vote(8, true, 7, 100, false));
    assertDecoded(vectors, "vote granted", new Message.VoteResponse(M2, M1, 2, false, false));
    assertDecoded(vectors, "vote rejected", new Message.VoteResponse(M2, M1, 2, false, true));
    assertDecoded(vectors, "pre-vote granted", new Message.VoteResponse(M2, M1, 8, true, false));
    assertDecoded(vectors, "pre-vote rejected", new Message.VoteResponse(M2, M1, 7, true, true));
    assertDecoded(
        vectors,
        "append two entries",
        new Message.Append(
            M1,
            M2,
            2,
            new LogPosition(2, 7),
            List.of(
                new Entry(EntryType.NORMAL, 2, 8, Bytes.utf8("abc")),
                new Entry(EntryType.NORMAL, 2, 9, Bytes.EMPTY)),
            6));
    assertDecoded(vectors, "append accepted", new Message.AppendAccepted(M2, M1, 2, 4));
    assertDecoded(
        vectors,
        "append rejected with hint",
        new Message.AppendRejected(M2, M1, 3, 37, new LogPosition(0, 21)));
    assertDecoded(
        vectors,
        "append rejected 3.5 style hint term",
        new Message.AppendRejected(M2, M1, 9, 37, new LogPosition(4, 21)));
    assertDecoded(
        vectors,
        "append response of stale term (check-quorum)",
        new Message.AppendAccepted(M2, M1, 12, 0));
    Bytes read = Bytes.wrap(HexFormat.of().parseHex("0000000000003039"));
    assertDecoded(
        vectors, "heartbeat with read context", new Message.Heartbeat(M1, M2, 2, 8, read));
    assertDecoded(
        vectors, "heartbeat response with context", new Message.HeartbeatResponse(M2, M1, 2, read));
    assertDecoded(
        vectors,
        "proposal forwarded",
        new Message.Proposal(M2, M1, List.of(Entry.proposal(Bytes.utf8("payload")))));
    assertDecoded(vectors, "read index forwarded", new Message.ReadIndex(M2, M1, read));
    assertDecoded(
        vectors, "read index response", new Message.ReadIndexResponse(M1, M2, 2, 8, read));
    assertDecoded(vectors, "timeout now", new Message.TimeoutNow(M1, M2, 2));
    assertDecoded(
        vectors,
        "transfer leader forwarded by a follower (from = transferee)",
        new Message.TransferLeader(M2, M1, 2));
    assertDecoded(
        vectors,
        "snapshot joint config",
        new Message.InstallSnapshot(
            M1,
            M2,
            3,
            new SnapshotMetadata(
                new LogPosition(3, 9),
                new ConfState(List.of(1L, 2L), List.of(), List.of(1L, 3L), List.of(3L), true))));
    assertEquals(
        Bytes.utf8("{\"Root\":null}"),
        decoded(vectors, "snapshot").snapshotData(),
        "the state travels beside the metadata");
  }

  @Test
  void theHighestNumbersAreUnsigned() {
    assertEquals(
        new Message.AppendRejected(-1, -1, -1, -1, new LogPosition(-1, -1)),
        decoded(vectors("raft-messages.json"), "max values").message());
  }

  @Test
  void aHeartbeatFromNobodyToNobodyIsTheLinks() {
    RaftWire.Decoded link = decoded(vectors("raft-messages.json"), "link heartbeat");
    assertTrue(link.isLinkHeartbeat());
    assertEquals(RaftWire.LINK_HEARTBEAT, link.message());
    assertFalse(decoded(vectors("raft-messages.json"), "heartbeat").isLinkHeartbeat());
  }

  @Test
  void messagesOfNewerMembersAreUnderstood() {
    Map<String, Bytes> vectors = vectors("raft-messages-3.6.json");
    assertEquals(6, vectors.size());
    assertTrue(decoded(vectors, "link heartbeat").isLinkHeartbeat());
    assertDecoded(vectors, "vote", vote(2, false, 1, 3, false));
    assertDecoded(
        vectors,
        "append",
        new Message.Append(
            M1,
            M2,
            2,
            new LogPosition(2, 7),
            List.of(new Entry(EntryType.NORMAL, 2, 8, Bytes.utf8("x"))),
            7));
    assertDecoded(
        vectors,
        "append rejected with hint term",
        new Message.AppendRejected(M2, M1, 9, 37, new LogPosition(4, 21)));
    assertEquals(Bytes.utf8("{}"), decoded(vectors, "snapshot").snapshotData());
    assertEquals(
        new SnapshotMetadata(new LogPosition(3, 10), ConfState.of(List.of(M1, M2), List.of())),
        ((Message.InstallSnapshot) decoded(vectors, "snapshot").message()).snapshot());
  }

  @Test
  void smallShapesPassBothWaysByteForByte() {
    Map<String, Bytes> vectors = vectors("small-messages.json");
    Bytes hardState = vector(vectors, "HardState");
    assertEquals(new HardState(2, M2, 8), RaftWire.decodeHardState(hardState));
    assertEquals(hardState, RaftWire.encode(RaftWire.decodeHardState(hardState)));
    Bytes noVote = vector(vectors, "HardState vote 0");
    assertEquals(noVote, RaftWire.encode(RaftWire.decodeHardState(noVote)));
    Bytes confState = vector(vectors, "ConfState");
    assertEquals(ConfState.of(List.of(1L, 300L), List.of(5L)), RaftWire.decodeConfState(confState));
    assertEquals(confState, RaftWire.encode(RaftWire.decodeConfState(confState)));
    Bytes metadata = vector(vectors, "SnapshotMetadata");
    assertEquals(metadata, RaftWire.encode(RaftWire.decodeSnapshotMetadata(metadata)));
    for (String name : List.of("ConfChange add", "ConfChange remove")) {
      Bytes change = vector(vectors, name);
      assertEquals(change, RaftWire.encode(RaftWire.decodeConfChange(change)));
    }
    assertEquals(
        new ConfChange(1, ConfChange.Type.ADD_NODE, M1, Bytes.utf8("{\"id\":1}")),
        RaftWire.decodeConfChange(vector(vectors, "ConfChange add")));
  }

  @Test
  void aJointChangeIsUnderstoodAndNoDataMeansLeave() {
    Map<String, Bytes> vectors = vectors("raft-messages.json");
    Message.Append enter = (Message.Append) decoded(vectors, "append conf change v2").message();
    ConfChangeV2 change = RaftWire.decodeConfChangeV2(enter.entries().get(0).data());
    assertEquals(ConfChangeV2.Transition.JOINT_IMPLICIT, change.transition());
    assertEquals(ConfChange.Type.ADD_NODE, change.changes().get(0).type());
    assertEquals(ConfChangeV2.LEAVE_JOINT, RaftWire.decodeConfChangeV2(Bytes.EMPTY));
  }

  @Test
  void anEntryIsExactlyAsLongAsItsSizeSays() {
    for (int length : new int[] {0, 1, 127, 128, 300, 20_000}) {
      for (long index : new long[] {0, 1, 127, 128, 1L << 35, -1}) {
        Entry entry =
            new Entry(EntryType.CONF_CHANGE, index >>> 3, index, Bytes.wrap(new byte[length]));
        Bytes encoded = RaftWire.encode(entry);
        assertEquals(encoded.length(), RaftWire.size(entry));
        assertEquals(entry, RaftWire.decodeEntry(encoded));
      }
    }
  }

  @Test
  void aSnapshotKeepsItsStateAndItsConfiguration() {
    RaftWire.Snapshot snapshot =
        new RaftWire.Snapshot(
            new SnapshotMetadata(
                new LogPosition(7, 1234), ConfState.of(List.of(M1, M2), List.of(9L))),
            Bytes.wrap(new byte[5000]));
    assertEquals(snapshot, RaftWire.decodeSnapshot(RaftWire.encode(snapshot)));
  }

  @Test
  void anUnknownEntryTypeIsNotMistakenForACommand() {
    ProtoWriter out = new ProtoWriter();
    out.enumeration(1, 3);
    MalformedProto refusal =
        assertThrows(MalformedProto.class, () -> RaftWire.decodeEntry(out.toBytes()));
    assertEquals(1, refusal.field());
  }

  private static Message vote(long term, boolean pre, long logTerm, long index, boolean transfer) {
    return new Message.VoteRequest(M1, M2, term, pre, new LogPosition(logTerm, index), transfer);
  }

  private static void assertDecoded(Map<String, Bytes> vectors, String name, Message expected) {
    assertEquals(expected, decoded(vectors, name).message(), name);
  }

  private static RaftWire.Decoded decoded(Map<String, Bytes> vectors, String name) {
    return RaftWire.decodeMessage(vector(vectors, name)).orElseThrow();
  }

  private static Bytes vector(Map<String, Bytes> vectors, String name) {
    return Objects.requireNonNull(vectors.get(name), name);
  }

  private static Map<String, Bytes> vectors(String file) {
    try (InputStream in =
        Objects.requireNonNull(RaftWireTest.class.getResourceAsStream(file), file)) {
      Map<String, Bytes> vectors = new LinkedHashMap<>();
      Matcher matcher = VECTOR.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      while (matcher.find()) {
        vectors.put(matcher.group(1), Bytes.wrap(HexFormat.of().parseHex(matcher.group(2))));
      }
      return vectors;
    } catch (IOException e) {
      throw new AssertionError(file, e);
    }
  }
}
