// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kvorum.api.etcdserverpb.CompactionRequest;
import io.kvorum.api.etcdserverpb.CompactionResponse;
import io.kvorum.api.etcdserverpb.Compare;
import io.kvorum.api.etcdserverpb.DeleteRangeRequest;
import io.kvorum.api.etcdserverpb.DeleteRangeResponse;
import io.kvorum.api.etcdserverpb.PutRequest;
import io.kvorum.api.etcdserverpb.PutResponse;
import io.kvorum.api.etcdserverpb.RangeRequest;
import io.kvorum.api.etcdserverpb.RangeResponse;
import io.kvorum.api.etcdserverpb.RangeStreamResponse;
import io.kvorum.api.etcdserverpb.RequestOp;
import io.kvorum.api.etcdserverpb.ResponseHeader;
import io.kvorum.api.etcdserverpb.TxnRequest;
import io.kvorum.api.etcdserverpb.TxnResponse;
import io.kvorum.api.mvccpb.KeyValue;
import io.kvorum.base.MemberId;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.ConsensusFailure;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.mvcc.KeyspaceView;
import io.kvorum.server.request.ChangeKeyspace;
import io.kvorum.server.request.KeyspaceAccess;
import io.kvorum.server.request.KeyspaceLimits;
import io.kvorum.server.request.KeyspaceReading;
import io.kvorum.server.request.ReadKeyspace;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.transport.net.GrpcCalls;
import io.kvorum.server.transport.net.HttpListener;
import io.kvorum.server.transport.net.LongPolls;
import io.kvorum.server.transport.net.RpcMethods;
import io.kvorum.server.transport.net.StockGrpc;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The KV service over a real keyspace, and a log that applies at once. */
class KvServiceTest {
  private static final KeyspaceLimits LIMITS = new KeyspaceLimits(128, 4096);
  private static final ResponseHeader.Builder HEADER =
      ResponseHeader.newBuilder().setClusterId(-5).setMemberId(7).setRaftTerm(3);

  private final MemoryEngine engine = new MemoryEngine(Keyspace.tables());
  private final Keyspace keyspace = Keyspace.open(engine);
  private final List<Command> proposed = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean leaderKnown = true;
  private volatile boolean learner;
  private volatile CompletableFuture<Void> barrier = CompletableFuture.completedFuture(null);
  private final Vertx vertx = Vertx.vertx();
  private final StockGrpc client = new StockGrpc(listen());

  private InetSocketAddress listen() {
    KeyspaceReading views =
        new KeyspaceReading() {
          @Override
          public <T> T read(Function<KeyspaceView, T> reading) {
            return keyspace.read(reading);
          }
        };
    var reading = new ReadKeyspace(KeyspaceAccess.OFF, views, () -> barrier, LIMITS);
    var methods = new RpcMethods();
    new KvService(
            reading,
            new ChangeKeyspace(KeyspaceAccess.OFF, reading, this::propose, LIMITS),
            new Headers(new MemberId(-5), new MemberId(7), () -> 3),
            new Gate(() -> leaderKnown, () -> learner))
        .register(methods);
    var polls = new LongPolls();
    return new HttpListener(vertx, 1, polls, new GrpcCalls(methods, 1 << 20, polls, r -> {}))
        .start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
        .toCompletableFuture()
        .join()
        .get(0);
  }

  private synchronized CompletableFuture<Applied> propose(Command command) {
    proposed.add(command);
    var batch = new Batch();
    var change = (KeyspaceCommand) ((V3Request) command).command();
    Outcome outcome = keyspace.apply(change, lease -> false, batch);
    engine.write(batch);
    keyspace.publish();
    return CompletableFuture.completedFuture(new Applied(outcome, 9, 3));
  }

  @AfterEach
  void close() {
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    keyspace.close();
  }

  @Test
  void whatIsPutIsThereAndWhatWasThereIsTold() {
    assertEquals(PutResponse.newBuilder().setHeader(HEADER.setRevision(2)).build(), put("a", "1"));
    var again = call("Put", putRequest("a", "2").setPrevKv(true).build(), PutResponse.parser());
    assertEquals(kv("a", "1", 2, 2, 1), again.getPrevKv());
    assertEquals(
        RangeResponse.newBuilder()
            .setHeader(HEADER.setRevision(3))
            .addKvs(kv("a", "2", 2, 3, 2))
            .setCount(1)
            .build(),
        range(RangeRequest.newBuilder().setKey(bytes("a"))));
    assertEquals(
        RangeResponse.newBuilder()
            .setHeader(HEADER.setRevision(3))
            .addKvs(kv("a", "1", 2, 2, 1))
            .setCount(1)
            .build(),
        range(RangeRequest.newBuilder().setKey(bytes("a")).setRevision(2)));
    assertEquals(
        RangeResponse.newBuilder().setHeader(HEADER.setRevision(3)).build(),
        range(RangeRequest.newBuilder().setKey(bytes("b")).setSerializable(true)));
  }

  @Test
  void aRangeIsCutSortedAndCounted() {
    for (int i = 0; i < 5; i++) {
      put("k" + i, "v".repeat(5 - i));
    }
    var all = RangeRequest.newBuilder().setKey(bytes("k")).setRangeEnd(bytes("l"));
    var cut = range(all.clone().setLimit(2));
    assertEquals(2, cut.getKvsCount());
    assertTrue(cut.getMore());
    assertEquals(5, cut.getCount());
    var sorted =
        range(
            all.clone()
                .setSortOrder(RangeRequest.SortOrder.DESCEND)
                .setSortTarget(RangeRequest.SortTarget.MOD)
                .setKeysOnly(true));
    assertEquals(bytes("k4"), sorted.getKvs(0).getKey());
    assertTrue(sorted.getKvs(0).getValue().isEmpty());
    assertEquals(5, range(all.clone().setCountOnly(true)).getCount());
  }

  @Test
  void theStreamOfARangePutTogetherIsTheRange() throws Exception {
    for (int i = 0; i < 300; i++) {
      put("k%03d".formatted(i), "v".repeat(i));
    }
    var all = RangeRequest.newBuilder().setKey(bytes("k")).setRangeEnd(bytes("l"));
    for (var request :
        List.of(
            all.clone(),
            all.clone().setLimit(100),
            all.clone().setLimit(300),
            all.clone().setLimit(5),
            all.clone().setKeysOnly(true),
            all.clone().setCountOnly(true),
            all.clone().setRevision(20),
            all.clone().setSortOrder(RangeRequest.SortOrder.ASCEND),
            key("k007"),
            key("nothing"))) {
      var whole = range(request);
      var open = client.open("/etcdserverpb.KV/RangeStream");
      open.out().onNext(request.build().toByteArray());
      var merged = RangeResponse.newBuilder();
      int parts = 0;
      for (Object next = open.next(); next instanceof byte[] bytes; next = open.next()) {
        merged.mergeFrom(RangeStreamResponse.parseFrom(bytes).getRangeResponse());
        parts++;
      }
      assertEquals(whole, merged.build());
      assertEquals(whole.getKvsCount() <= 10, parts == 1, "parts: " + parts);
    }
  }

  @Test
  void aStreamIsNeitherSortedNorFiltered() throws InterruptedException {
    for (var request :
        List.of(
            key("a").setSortOrder(RangeRequest.SortOrder.DESCEND), key("a").setMinModRevision(3))) {
      var open = client.open("/etcdserverpb.KV/RangeStream");
      open.out().onNext(request.build().toByteArray());
      var failure = assertInstanceOf(StatusRuntimeException.class, open.next());
      assertEquals(Status.Code.UNIMPLEMENTED, failure.getStatus().getCode());
    }
  }

  @Test
  void aTransactionAnswersEachOperation() {
    put("a", "1");
    var txn =
        TxnRequest.newBuilder()
            .addCompare(
                Compare.newBuilder()
                    .setKey(bytes("a"))
                    .setTarget(Compare.CompareTarget.VALUE)
                    .setValue(bytes("1")))
            .addSuccess(RequestOp.newBuilder().setRequestPut(putRequest("b", "2").setPrevKv(true)))
            .addSuccess(RequestOp.newBuilder().setRequestRange(key("a")))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestTxn(
                        TxnRequest.newBuilder()
                            .addSuccess(
                                RequestOp.newBuilder()
                                    .setRequestDeleteRange(
                                        DeleteRangeRequest.newBuilder()
                                            .setKey(bytes("a"))
                                            .setPrevKv(true)))))
            .build();
    var answer = call("Txn", txn, TxnResponse.parser());
    assertTrue(answer.getSucceeded());
    assertEquals(HEADER.setRevision(3).build(), answer.getHeader());
    assertEquals(3, answer.getResponses(0).getResponsePut().getHeader().getRevision());
    assertEquals(0, answer.getResponses(0).getResponsePut().getHeader().getMemberId());
    assertEquals(kv("a", "1", 2, 2, 1), answer.getResponses(1).getResponseRange().getKvs(0));
    var nested = answer.getResponses(2).getResponseTxn();
    assertTrue(nested.hasHeader());
    assertEquals(ResponseHeader.getDefaultInstance(), nested.getHeader());
    assertEquals(1, nested.getResponses(0).getResponseDeleteRange().getDeleted());
  }

  @Test
  void aTransactionThatOnlyReadsDoesNotGoThroughTheLog() {
    put("a", "1");
    proposed.clear();
    var txn =
        TxnRequest.newBuilder()
            .addSuccess(RequestOp.newBuilder().setRequestRange(key("a")))
            .build();
    var answer = call("Txn", txn, TxnResponse.parser());
    assertEquals(1, answer.getResponses(0).getResponseRange().getCount());
    assertEquals(List.of(), proposed);
    var empty = call("Txn", TxnRequest.getDefaultInstance(), TxnResponse.parser());
    assertTrue(empty.getSucceeded());
    assertEquals(List.of(), proposed);
  }

  @Test
  void whatIsDeletedIsGoneAndWhatIsCompactedCanNotBeRead() {
    put("a", "1");
    put("b", "1");
    var deleted =
        call(
            "DeleteRange",
            DeleteRangeRequest.newBuilder()
                .setKey(bytes("a"))
                .setRangeEnd(ByteString.copyFrom(new byte[1]))
                .setPrevKv(true)
                .build(),
            DeleteRangeResponse.parser());
    assertEquals(2, deleted.getDeleted());
    assertEquals(2, deleted.getPrevKvsCount());
    assertEquals(
        CompactionResponse.newBuilder().setHeader(HEADER.setRevision(4)).build(),
        call(
            "Compact",
            CompactionRequest.newBuilder().setRevision(4).build(),
            CompactionResponse.parser()));
    assertRefused(
        Status.Code.OUT_OF_RANGE,
        "etcdserver: mvcc: required revision has been compacted",
        "Range",
        key("a").setRevision(2).build());
    assertRefused(
        Status.Code.OUT_OF_RANGE,
        "etcdserver: mvcc: required revision is a future revision",
        "Compact",
        CompactionRequest.newBuilder().setRevision(5).build());
  }

  @Test
  void whatIsUnsoundNeverReachesTheLog() {
    var invalid = Status.Code.INVALID_ARGUMENT;
    assertRefused(
        invalid, "etcdserver: key is not provided", "Put", PutRequest.getDefaultInstance());
    assertRefused(
        invalid, "etcdserver: key is not provided", "Range", RangeRequest.getDefaultInstance());
    assertRefused(
        invalid, "etcdserver: invalid sort option", "Range", key("a").setSortOrderValue(9).build());
    assertRefused(
        invalid,
        "etcdserver: key not found",
        "Txn",
        TxnRequest.newBuilder().addSuccess(RequestOp.getDefaultInstance()).build());
    assertRefused(
        invalid,
        "etcdserver: duplicate key given in txn request",
        "Txn",
        TxnRequest.newBuilder()
            .addSuccess(RequestOp.newBuilder().setRequestPut(putRequest("a", "1")))
            .addSuccess(RequestOp.newBuilder().setRequestPut(putRequest("a", "2")))
            .build());
    assertRefused(
        invalid,
        "etcdserver: request is too large",
        "Put",
        putRequest("a", "v".repeat(4096)).build());
    assertEquals(List.of(), proposed);
    put("a", "v".repeat(4060));
  }

  @Test
  void whatTheStateForbidsIsToldWithEtcdsWords() {
    assertRefused(
        Status.Code.NOT_FOUND,
        "etcdserver: requested lease not found",
        "Put",
        putRequest("a", "1").setLease(9).build());
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "etcdserver: key not found",
        "Put",
        PutRequest.newBuilder().setKey(bytes("a")).setIgnoreValue(true).build());
  }

  @Test
  void aReadWithoutAQuorumFailsUnlessItIsSerializable() {
    put("a", "1");
    barrier =
        CompletableFuture.failedFuture(new ConsensusFailure(ConsensusFailure.Kind.TIMEOUT, false));
    assertRefused(
        Status.Code.UNAVAILABLE, "etcdserver: request timed out", "Range", key("a").build());
    assertEquals(1, range(key("a").setSerializable(true)).getCount());
  }

  @Test
  void aLearnerServesOnlyWhatItHasItself() {
    put("a", "1");
    learner = true;
    assertEquals(1, range(key("a").setSerializable(true)).getCount());
    for (var method : List.of("Range", "Put", "Txn", "Compact", "DeleteRange")) {
      assertRefused(
          Status.Code.FAILED_PRECONDITION,
          "etcdserver: rpc not supported for learner",
          method,
          key("a").build());
    }
  }

  @Test
  void bytesThatAreNoRequestAreRefused() {
    var failure =
        assertThrows(
            StatusRuntimeException.class,
            () -> client.call("/etcdserverpb.KV/Put", new byte[] {8, 1}));
    assertEquals(Status.Code.INTERNAL, failure.getStatus().getCode());
    assertEquals(List.of(), proposed);
  }

  private void assertRefused(Status.Code code, String text, String method, Message request) {
    var failure =
        assertThrows(
            StatusRuntimeException.class,
            () -> client.call("/etcdserverpb.KV/" + method, request.toByteArray()));
    assertEquals(text, failure.getStatus().getDescription());
    assertEquals(code, failure.getStatus().getCode());
  }

  private PutResponse put(String key, String value) {
    return call("Put", putRequest(key, value).build(), PutResponse.parser());
  }

  private RangeResponse range(RangeRequest.Builder request) {
    return call("Range", request.build(), RangeResponse.parser());
  }

  /** The answer, whose bytes must be those that the generated class would have written. */
  private <T extends Message> T call(String method, Message request, Parser<T> parser) {
    var bytes = client.call("/etcdserverpb.KV/" + method, request.toByteArray());
    try {
      T answer = parser.parseFrom(bytes);
      assertArrayEquals(answer.toByteArray(), bytes);
      return answer;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(method, e);
    }
  }

  private static PutRequest.Builder putRequest(String key, String value) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value));
  }

  private static RangeRequest.Builder key(String key) {
    return RangeRequest.newBuilder().setKey(bytes(key));
  }

  private static KeyValue kv(String key, String value, long created, long modified, long version) {
    return KeyValue.newBuilder()
        .setKey(bytes(key))
        .setValue(bytes(value))
        .setCreateRevision(created)
        .setModRevision(modified)
        .setVersion(version)
        .build();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
