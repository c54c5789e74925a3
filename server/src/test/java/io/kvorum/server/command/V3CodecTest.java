// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.kvorum.api.etcdserverpb.Compare.CompareTarget;
import io.kvorum.api.etcdserverpb.InternalRaftRequest;
import io.kvorum.api.etcdserverpb.PutRequest;
import io.kvorum.api.etcdserverpb.RangeRequest;
import io.kvorum.api.etcdserverpb.RequestOp;
import io.kvorum.api.etcdserverpb.TxnRequest;
import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedProto;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.server.command.AuthCommand.Password;
import io.kvorum.server.command.AuthCommand.Permission;
import io.kvorum.server.command.Compare.Relation;
import io.kvorum.server.command.Compare.Target;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.V3Request.Requester;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class V3CodecTest {

  private static final long ID = 3038419027446117640L;
  private static final Requester ROOT = new Requester("root", 5);
  private static final Bytes A = Bytes.utf8("a");
  private static final Bytes B = Bytes.utf8("b");
  private static final Bytes C = Bytes.utf8("c");
  private static final Bytes NONE = Bytes.EMPTY;
  private static final long LEASE = 7587870000000001L;

  @Test
  void whatGenuineMembersWriteIsReadAndWrittenBackByteForByte() {
    int count = 0;
    for (Vectors.Vector vector : Vectors.all()) {
      if (vector.name().contains("v2 request") || vector.name().contains("(old)")) {
        continue;
      }
      EntryCodec.Decoded decoded = EntryCodec.decode(entry(vector.bytes()));
      assertEquals(ID, decoded.requestId(), vector.name());
      EntryCodec.Encoded encoded = EntryCodec.encode(ID, decoded.command());
      assertEquals(new EntryCodec.Encoded(EntryType.NORMAL, vector.bytes()), encoded);
      count++;
    }
    assertEquals(38, count);
  }

  @Test
  void whatGenuineMembersWriteMeansWhatTheySay() {
    Map<String, V3Request> meanings =
        Map.ofEntries(
            Map.entry("put", V3Request.of(new Put(A, Bytes.utf8("1")))),
            Map.entry(
                "put with lease",
                V3Request.of(new Put(A, Bytes.utf8("1"), LEASE, false, false, false))),
            Map.entry(
                "put prev_kv", V3Request.of(new Put(A, Bytes.utf8("1"), 0, true, false, false))),
            Map.entry("put ignore_value", V3Request.of(new Put(A, NONE, 0, false, true, false))),
            Map.entry(
                "put ignore_lease",
                V3Request.of(new Put(A, Bytes.utf8("2"), 0, false, false, true))),
            Map.entry("put authenticated", new V3Request(ROOT, new Put(A, Bytes.utf8("1")))),
            Map.entry("delete one", V3Request.of(new DeleteRange(A, NONE, false))),
            Map.entry(
                "delete range", V3Request.of(new DeleteRange(A, Bytes.wrap(new byte[] {0}), true))),
            Map.entry(
                "txn",
                V3Request.of(
                    new Txn(
                        List.of(Compare.value(B, Relation.EQUAL, Bytes.utf8("3"))),
                        List.of(
                            new Put(Bytes.utf8("d"), Bytes.utf8("4")),
                            new Put(Bytes.utf8("e"), Bytes.utf8("5"))),
                        List.of(RangeQuery.of(B))))),
            Map.entry(
                "txn compare version and delete",
                V3Request.of(
                    new Txn(
                        List.of(Compare.number(B, Target.VERSION, Relation.GREATER, 0)),
                        List.of(new DeleteRange(B, NONE, false)),
                        List.of()))),
            Map.entry(
                "txn compare lease range",
                V3Request.of(
                    new Txn(
                        List.of(new Compare(B, C, Target.LEASE, Relation.NOT_EQUAL, 9, NONE)),
                        List.of(),
                        List.of()))),
            Map.entry("compaction physical", V3Request.of(new KeyspaceCommand.Compact(7, true))),
            Map.entry("lease grant", V3Request.of(new LeaseCommand.Grant(LEASE, 600))),
            Map.entry("lease revoke", V3Request.of(new LeaseCommand.Revoke(LEASE))),
            Map.entry(
                "lease checkpoint",
                V3Request.of(
                    new LeaseCommand.Checkpoint(
                        List.of(
                            new LeaseCommand.Remaining(LEASE, 299),
                            new LeaseCommand.Remaining(5, 10))))),
            Map.entry(
                "alarm activate corrupt",
                V3Request.of(
                    new AlarmCommand(AlarmCommand.Action.ACTIVATE, 0, AlarmCommand.CORRUPT))),
            Map.entry("auth disable", new V3Request(ROOT, new AuthCommand.Disable())),
            Map.entry(
                "authenticate",
                V3Request.of(new AuthCommand.Authenticate("root", "abcdefghijklmnop"))),
            Map.entry(
                "user add",
                V3Request.of(new AuthCommand.AddUser("u", new Password("p", ""), false))),
            Map.entry(
                "user add no password",
                V3Request.of(new AuthCommand.AddUser("u", Password.NONE, true))),
            Map.entry(
                "role grant",
                V3Request.of(
                    new AuthCommand.GrantPermission(
                        "r",
                        new Permission(Permission.READ_WRITE, Bytes.utf8("x"), Bytes.utf8("y"))))),
            Map.entry(
                "user get",
                V3Request.of(new V3Command.LoggedRead(1102, Bytes.wrap(new byte[] {10, 1, 'u'})))));
    Map<String, Bytes> vectors = Vectors.byName();
    meanings.forEach(
        (name, meaning) ->
            assertEquals(
                meaning,
                EntryCodec.decode(entry(Optional.ofNullable(vectors.get(name)).orElseThrow()))
                    .command(),
                name));
  }

  @Test
  void theIdMayStandInItsOldPlace() {
    Bytes old = Optional.ofNullable(Vectors.byName().get("put id in field 1 (old)")).orElseThrow();
    assertEquals(
        new EntryCodec.Decoded(77, V3Request.of(new Put(A, Bytes.utf8("1")))),
        EntryCodec.decode(entry(old)));
  }

  @Test
  void everyCommandComesBackAsItWasAndHasTheBytesOfTheGeneratedCodec()
      throws InvalidProtocolBufferException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      Requester requester =
          random.nextBoolean() ? Requester.NOBODY : new Requester("ü", random.nextLong());
      V3Request request = new V3Request(requester, RandomV3.command(random, 3));
      long id = random.nextLong();
      EntryCodec.Encoded encoded = EntryCodec.encode(id, request);
      assertEquals(
          new EntryCodec.Decoded(id, request),
          EntryCodec.decode(entry(encoded.data())),
          "seed " + seed);
      InternalRaftRequest twin = InternalRaftRequest.parseFrom(encoded.data().toArray());
      assertTrue(twin.getUnknownFields().asMap().isEmpty(), () -> "seed " + seed + ": " + twin);
      assertEquals(encoded.data(), Bytes.wrap(twin.toByteArray()), "seed " + seed);
    }
  }

  @Test
  void numbersThatNoEnumHasMeanInTheLogWhatGenuineMembersMakeOfThem() {
    var key = ByteString.copyFromUtf8("b");
    var compare = io.kvorum.api.etcdserverpb.Compare.newBuilder().setKey(key);
    assertEquals(
        Compare.number(B, Target.VERSION, Relation.NOT_EQUAL, -1),
        compared(compare.setResultValue(9).setVersion(4).build()));
    assertEquals(
        Compare.number(B, Target.VERSION, Relation.GREATER, 0),
        compared(compare.setResultValue(9).setTarget(CompareTarget.VALUE).build()));
    assertEquals(
        Compare.number(B, Target.VERSION, Relation.NOT_EQUAL, -1),
        compared(compare.setResultValue(0).setTargetValue(9).build()));
    assertEquals(
        Compare.number(B, Target.VERSION, Relation.EQUAL, -1),
        compared(compare.setResultValue(1).setTargetValue(-1).build()));
    var sorted =
        TxnRequest.newBuilder()
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestRange(
                        RangeRequest.newBuilder()
                            .setKey(key)
                            .setSortOrderValue(7)
                            .setSortTargetValue(8)))
            .build();
    assertEquals(
        V3Request.of(new Txn(List.of(), List.of(RangeQuery.of(B)), List.of())),
        EntryCodec.decode(
                entry(
                    Bytes.wrap(
                        InternalRaftRequest.newBuilder().setTxn(sorted).build().toByteArray())))
            .command());
    assertEquals(
        Refusal.Unsound.Reason.INVALID_SORT, reasonOf(sorted), "a client is told that it is wrong");
  }

  @Test
  void whatIsGivenForAnotherTargetDoesNotCount() {
    var wrong =
        io.kvorum.api.etcdserverpb.Compare.newBuilder()
            .setKey(ByteString.copyFromUtf8("b"))
            .setTarget(CompareTarget.MOD)
            .setLease(4)
            .build();
    assertEquals(Compare.number(B, Target.MOD_REVISION, Relation.EQUAL, 0), compared(wrong));
  }

  @Test
  void anOperationThatIsNoneIsRefused() {
    var txn = TxnRequest.newBuilder().addFailure(RequestOp.getDefaultInstance()).build();
    assertEquals(Refusal.Unsound.Reason.EMPTY_OPERATION, reasonOf(txn));
    Bytes logged = Bytes.wrap(InternalRaftRequest.newBuilder().setTxn(txn).build().toByteArray());
    assertThrows(UnreadableEntry.class, () -> EntryCodec.decode(entry(logged)));
  }

  @Test
  void transactionsThatNestTooDeepAreMalformed() {
    ProtoWriter out = new ProtoWriter();
    List<Integer> marks = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      marks.add(out.begin(2));
      marks.add(out.begin(4));
    }
    for (int mark : marks.reversed()) {
      out.end(mark);
    }
    Bytes deep = out.toBytes();
    assertThrows(
        MalformedProto.class,
        () -> KeyspaceReader.OF_CLIENTS.txn(new ProtoReader("TxnRequest", deep)));
  }

  @Test
  void aPutSharesTheBytesItWasReadFrom() {
    byte[] message =
        PutRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8("key"))
            .setValue(ByteString.copyFromUtf8("value"))
            .build()
            .toByteArray();
    Put put = KeyspaceReader.OF_CLIENTS.put(new ProtoReader("PutRequest", Bytes.wrap(message)));
    assertEquals(new Put(Bytes.utf8("key"), Bytes.utf8("value")), put);
    message[message.length - 1] = 'X';
    assertEquals(Bytes.utf8("valuX"), put.value());
  }

  @Test
  void aSecretIsNotPrinted() {
    String printed =
        List.of(
                new AuthCommand.AddUser("u", new Password("geheim", ""), false),
                new AuthCommand.ChangePassword("u", new Password("", "geheim")),
                new AuthCommand.Authenticate("u", "geheim"))
            .toString();
    assertFalse(printed.contains("geheim"), printed);
  }

  @Test
  void anUnknownCommandStopsTheMemberBeforeIt() {
    ProtoWriter out = new ProtoWriter();
    out.uint64(1, 5);
    out.string(4711, "of a release to come");
    V3NotSupported stop =
        assertThrows(V3NotSupported.class, () -> EntryCodec.decode(entry(out.toBytes())));
    assertEquals(77, stop.logIndex());
  }

  private static Compare compared(io.kvorum.api.etcdserverpb.Compare compare) {
    Bytes message = Bytes.wrap(TxnRequest.newBuilder().addCompare(compare).build().toByteArray());
    return KeyspaceReader.OF_CLIENTS
        .txn(new ProtoReader("TxnRequest", message))
        .compares()
        .getFirst();
  }

  private static Refusal.Unsound.Reason reasonOf(TxnRequest txn) {
    Bytes message = Bytes.wrap(txn.toByteArray());
    return assertThrows(
            UnsoundRequest.class,
            () -> KeyspaceReader.OF_CLIENTS.txn(new ProtoReader("TxnRequest", message)))
        .refusal()
        .reason();
  }

  private static Entry entry(Bytes data) {
    return new Entry(EntryType.NORMAL, 5, 77, data);
  }
}
