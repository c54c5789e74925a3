// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kvorum.api.etcdserverpb.ResponseHeader;
import io.kvorum.api.etcdserverpb.WatchCancelRequest;
import io.kvorum.api.etcdserverpb.WatchCreateRequest;
import io.kvorum.api.etcdserverpb.WatchCreateRequest.FilterType;
import io.kvorum.api.etcdserverpb.WatchProgressRequest;
import io.kvorum.api.etcdserverpb.WatchRequest;
import io.kvorum.api.etcdserverpb.WatchResponse;
import io.kvorum.api.mvccpb.Event;
import io.kvorum.api.mvccpb.KeyValue;
import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.env.ThreadTimers;
import io.kvorum.env.ThreadWorkers;
import io.kvorum.server.auth.AuthState.Deed;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.V3Request.Requester;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.request.KeyspaceAccess;
import io.kvorum.server.request.WatchKeyspace;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.transport.net.GrpcCalls;
import io.kvorum.server.transport.net.HttpListener;
import io.kvorum.server.transport.net.LongPolls;
import io.kvorum.server.transport.net.RpcMethods;
import io.kvorum.server.transport.net.StockGrpc;
import io.kvorum.server.watch.KeyspaceWatches;
import io.kvorum.server.watch.WatchLimits;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Watch service over a real keyspace, with grpc-java as the client. */
class WatchServiceTest {
  private static final String PATH = "/etcdserverpb.Watch/Watch";
  private static final int MESSAGE_BYTES_MAX = 2048;
  private static final ResponseHeader.Builder HEADER =
      ResponseHeader.newBuilder().setClusterId(-5).setMemberId(7).setRaftTerm(3);

  private final MemoryEngine engine = new MemoryEngine(Keyspace.tables());
  private final Keyspace keyspace = Keyspace.open(engine);
  private final ThreadTimers timers = new ThreadTimers("timers", failure -> {});
  private final KeyspaceWatches watches =
      new KeyspaceWatches(WatchLimits.DEFAULT, keyspace::read, new ThreadWorkers(), failure -> {});
  private volatile boolean leaderKnown = true;
  private volatile CompletableFuture<Answer<Requester>> admission = KeyspaceAccess.NOBODY;
  private final Gate gate = new Gate(() -> leaderKnown);
  private final Vertx vertx = Vertx.vertx();
  private final StockGrpc client = new StockGrpc(listen());
  private final StockGrpc.Open stream = client.open(PATH);

  private InetSocketAddress listen() {
    KeyspaceAccess access =
        new KeyspaceAccess() {
          @Override
          public CompletableFuture<Answer<Requester>> admit(
              Caller caller, KeyspaceCommand.Operation operation) {
            return admission;
          }

          @Override
          public CompletableFuture<Answer<Requester>> admit(Caller caller, Compact compact) {
            return admission;
          }

          @Override
          public CompletableFuture<Answer<Requester>> admit(
              Caller caller, Deed deed, Supplier<List<Bytes>> keys) {
            return admission;
          }

          @Override
          public Object moment() {
            return this;
          }

          @Override
          public Requester root() {
            return Requester.NOBODY;
          }
        };
    var methods = new RpcMethods();
    new WatchService(
            new WatchKeyspace(access, keyspace::read, watches, timers, () -> Duration.ofMillis(20)),
            new Headers(new MemberId(-5), new MemberId(7), () -> 3),
            gate,
            MESSAGE_BYTES_MAX)
        .register(methods);
    var polls = new LongPolls();
    return new HttpListener(vertx, 1, polls, new GrpcCalls(methods, 1 << 20, polls, r -> {}))
        .start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
        .toCompletableFuture()
        .join()
        .get(0);
  }

  private synchronized void apply(KeyspaceCommand command) {
    var batch = new Batch();
    keyspace.apply(command, lease -> false, batch);
    engine.write(batch);
    keyspace.publish();
    List<KeyEvent> events = keyspace.takeEvents();
    if (!events.isEmpty()) {
      watches.changed(events);
    }
  }

  @AfterEach
  void close() throws InterruptedException {
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    timers.close();
    watches.stop();
    keyspace.close();
  }

  @Test
  void whatHappensIsToldRevisionByRevision() throws Exception {
    create(WatchCreateRequest.newBuilder().setKey(text("a")).setRangeEnd(text("c")));
    assertEquals(created(0, 1), next());
    put("a", "1");
    assertEquals(told(2, put(kv("a", "1", 2, 2, 1))), next());
    put("z", "1");
    apply(
        new Txn(
            List.of(),
            List.of(
                new Put(Bytes.utf8("b"), Bytes.utf8("2")), new Put(Bytes.utf8("a"), Bytes.EMPTY)),
            List.of()));
    assertEquals(told(4, put(kv("b", "2", 4, 4, 1)), put(kv("a", "", 2, 4, 2))), next());
    apply(new DeleteRange(Bytes.utf8("a"), Bytes.utf8("z"), false));
    assertEquals(told(5, deleted("a", 5), deleted("b", 5)), next());
  }

  @Test
  void versionsBeforeAreToldToWhoAsks() throws Exception {
    put("a", "1");
    create(WatchCreateRequest.newBuilder().setKey(text("a")).setPrevKv(true));
    create(WatchCreateRequest.newBuilder().setKey(text("a")));
    assertEquals(created(0, 2), next());
    assertEquals(created(1, 2), next());
    put("a", "2");
    var before = put(kv("a", "2", 2, 3, 2)).toBuilder().setPrevKv(kv("a", "1", 2, 2, 1)).build();
    assertEquals(
        List.of(
            told(3, before), told(3, put(kv("a", "2", 2, 3, 2))).toBuilder().setWatchId(1).build()),
        List.of(next(), next()));
  }

  @Test
  void kindsThatAreNotWantedAreLeftOut() throws Exception {
    create(
        WatchCreateRequest.newBuilder()
            .setKey(text("a"))
            .addFilters(FilterType.NOPUT)
            .setStartRevision(2));
    assertEquals(created(0, 1), next());
    put("a", "1");
    apply(new DeleteRange(Bytes.utf8("a"), Bytes.EMPTY, false));
    assertEquals(told(3, deleted("a", 3)), next());
  }

  @Test
  void thePastIsToldFirst() throws Exception {
    for (int i = 0; i < 5; i++) {
      put("a", "" + i);
    }
    create(WatchCreateRequest.newBuilder().setKey(text("a")).setStartRevision(4));
    assertEquals(created(0, 6), next());
    assertEquals(
        told(6, put(kv("a", "2", 2, 4, 3)), put(kv("a", "3", 2, 5, 4)), put(kv("a", "4", 2, 6, 5))),
        next());
    put("a", "5");
    assertEquals(told(7, put(kv("a", "5", 2, 7, 6))), next());
  }

  @Test
  void aFutureRevisionIsWaitedFor() throws Exception {
    create(WatchCreateRequest.newBuilder().setKey(text("a")).setStartRevision(4));
    assertEquals(created(0, 1), next());
    progress();
    for (int i = 0; i < 3; i++) {
      put("a", "" + i);
    }
    assertEquals(told(4, put(kv("a", "2", 2, 4, 3))), next());
  }

  @Test
  void whatIsCompactedEndsTheWatcher() throws Exception {
    for (int i = 0; i < 5; i++) {
      put("a", "" + i);
    }
    apply(new Compact(5, false));
    create(WatchCreateRequest.newBuilder().setKey(text("a")).setStartRevision(4));
    assertEquals(created(0, 6), next());
    assertEquals(
        WatchResponse.newBuilder()
            .setHeader(HEADER.setRevision(0))
            .setCanceled(true)
            .setCompactRevision(5)
            .build(),
        next());
    create(WatchCreateRequest.newBuilder().setKey(text("a")).setStartRevision(-1));
    assertEquals(refused(6, "etcdserver: mvcc: required revision has been compacted"), next());
  }

  @Test
  void whatCanNotBeIsRefusedAndTheStreamGoesOn() throws Exception {
    create(WatchCreateRequest.newBuilder().setKey(text("x")).setRangeEnd(text("w")));
    assertEquals(refused(1, "mvcc: watcher range is empty"), next());
    create(WatchCreateRequest.newBuilder().setKey(text("a")).setWatchId(1));
    create(WatchCreateRequest.newBuilder().setKey(text("a")).setWatchId(1));
    create(WatchCreateRequest.newBuilder().setKey(text("a")));
    create(WatchCreateRequest.newBuilder().setRangeEnd(ByteString.copyFrom(new byte[1])));
    assertEquals(created(1, 1), next());
    assertEquals(refused(1, "mvcc: duplicate watch ID provided on the WatchStream"), next());
    assertEquals(created(0, 1), next());
    assertEquals(created(2, 1), next());
  }

  @Test
  void aCancelledWatcherIsSilent() throws Exception {
    create(WatchCreateRequest.newBuilder().setKey(text("a")));
    create(WatchCreateRequest.newBuilder().setKey(text("b")));
    cancel(7);
    cancel(0);
    assertEquals(created(0, 1), next());
    assertEquals(created(1, 1), next());
    assertEquals(
        WatchResponse.newBuilder().setHeader(HEADER.setRevision(1)).setCanceled(true).build(),
        next());
    put("a", "1");
    put("b", "1");
    assertEquals(1, next().getWatchId());
    assertEquals(1, watches.count());
  }

  @Test
  void progressIsToldWhenAllWatchersAreThere() throws Exception {
    progress();
    create(WatchCreateRequest.newBuilder().setKey(text("a")));
    assertEquals(created(0, 1), next());
    put("b", "1");
    progress();
    assertEquals(
        WatchResponse.newBuilder().setHeader(HEADER.setRevision(2)).setWatchId(-1).build(), next());
    create(WatchCreateRequest.newBuilder().setKey(text("a")).setProgressNotify(true));
    assertEquals(created(1, 2), next());
    assertEquals(
        WatchResponse.newBuilder().setHeader(HEADER.setRevision(2)).setWatchId(1).build(), next());
  }

  @Test
  void longMessagesAreCutForWhoAllowsIt() throws Exception {
    create(
        WatchCreateRequest.newBuilder().setKey(text("a")).setRangeEnd(text("b")).setFragment(true));
    assertEquals(created(0, 1), next());
    List<KeyspaceCommand.Operation> puts = new ArrayList<>();
    for (int i = 10; i < 16; i++) {
      puts.add(new Put(Bytes.utf8("a" + i), Bytes.wrap(new byte[800])));
    }
    apply(new Txn(List.of(), puts, List.of()));
    List<String> keys = new ArrayList<>();
    boolean more = true;
    int messages = 0;
    while (more) {
      WatchResponse part = next();
      assertTrue(part.getSerializedSize() < MESSAGE_BYTES_MAX);
      part.getEventsList().forEach(event -> keys.add(event.getKv().getKey().toStringUtf8()));
      more = part.getFragment();
      messages++;
    }
    assertEquals(List.of("a10", "a11", "a12", "a13", "a14", "a15"), keys);
    assertEquals(3, messages);
  }

  @Test
  void whoMayNotReadIsToldSoAndRequestsStayInOrder() throws Exception {
    admission = Answer.now(new Answer.Denied<>());
    create(WatchCreateRequest.newBuilder().setKey(text("a")));
    assertEquals(
        refused(1, "rpc error: code = PermissionDenied desc = etcdserver: permission denied"),
        next());
    CompletableFuture<Answer<Requester>> later = new CompletableFuture<>();
    admission = later;
    create(WatchCreateRequest.newBuilder().setKey(text("a")).setWatchId(5));
    cancel(5);
    put("b", "1");
    later.complete(new Answer.Done<>(Requester.NOBODY));
    assertEquals(created(5, 2), next());
    assertTrue(next().getCanceled());
  }

  @Test
  void whoWantsALeaderIsEndedWithoutOne() throws Exception {
    var metadata = client.open(PATH, "hasleader", "true");
    metadata.out().onNext(request(WatchCreateRequest.newBuilder().setKey(text("a"))).toByteArray());
    assertInstanceOf(byte[].class, metadata.next());
    create(WatchCreateRequest.newBuilder().setKey(text("a")));
    assertEquals(created(0, 1), next());
    leaderKnown = false;
    gate.checkLeader();
    gate.checkLeader();
    gate.checkLeader();
    var failure = assertInstanceOf(StatusRuntimeException.class, metadata.next());
    assertEquals(Status.Code.UNAVAILABLE, failure.getStatus().getCode());
    assertEquals("etcdserver: no leader", failure.getStatus().getDescription());
    put("a", "1");
    assertEquals(told(2, put(kv("a", "1", 2, 2, 1))), next());
  }

  @Test
  void aClientThatDoesNotReadCostsNothingAndMissesNothing() throws Exception {
    try (var slow = client.openWithoutReading(PATH)) {
      slow.send(
          request(WatchCreateRequest.newBuilder().setKey(text("a")).setRangeEnd(text("b")))
              .toByteArray());
      create(WatchCreateRequest.newBuilder().setKey(text("zzz")));
      assertEquals(created(0, 1), next());
      while (watches.count() < 2) {
        Thread.onSpinWait();
      }
      int puts = 3_000;
      for (int i = 0; i < puts; i++) {
        apply(new Put(Bytes.utf8("a" + i % 10), Bytes.wrap(new byte[10_000])));
      }
      put("zzz", "1");
      assertEquals(puts + 2, next().getHeader().getRevision());
      long revision = 1;
      assertTrue(WatchResponse.parseFrom(slow.next()).getCreated());
      while (revision < puts + 1) {
        for (Event event : WatchResponse.parseFrom(slow.next()).getEventsList()) {
          assertEquals(++revision, event.getKv().getModRevision());
        }
      }
    }
  }

  @Test
  void aClientThatAsksWithoutEndAndDoesNotReadIsHeldBack() throws Exception {
    try (var slow = client.openWithoutReading(PATH)) {
      int watchers = 20_000;
      for (int i = 0; i < watchers; i++) {
        slow.send(request(WatchCreateRequest.newBuilder().setKey(text("k" + i))).toByteArray());
      }
      for (int i = 0; i < watchers; i++) {
        assertEquals(i, WatchResponse.parseFrom(slow.next()).getWatchId());
      }
      assertEquals(watchers, watches.count());
    }
  }

  // --- words ---

  private void put(String key, String value) {
    apply(new Put(Bytes.utf8(key), Bytes.utf8(value)));
  }

  private static WatchRequest request(WatchCreateRequest.Builder create) {
    return WatchRequest.newBuilder().setCreateRequest(create).build();
  }

  private void create(WatchCreateRequest.Builder create) {
    stream.out().onNext(request(create).toByteArray());
  }

  private void cancel(long id) {
    stream
        .out()
        .onNext(
            WatchRequest.newBuilder()
                .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(id))
                .build()
                .toByteArray());
  }

  private void progress() {
    stream
        .out()
        .onNext(
            WatchRequest.newBuilder()
                .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                .build()
                .toByteArray());
  }

  private WatchResponse next() throws InterruptedException, InvalidProtocolBufferException {
    return WatchResponse.parseFrom(assertInstanceOf(byte[].class, stream.next()));
  }

  private static WatchResponse created(long id, long revision) {
    return WatchResponse.newBuilder()
        .setHeader(HEADER.setRevision(revision))
        .setWatchId(id)
        .setCreated(true)
        .build();
  }

  private static WatchResponse refused(long revision, String reason) {
    return created(-1, revision).toBuilder().setCanceled(true).setCancelReason(reason).build();
  }

  private static WatchResponse told(long revision, Event... events) {
    return WatchResponse.newBuilder()
        .setHeader(HEADER.setRevision(revision))
        .addAllEvents(List.of(events))
        .build();
  }

  private static Event put(KeyValue kv) {
    return Event.newBuilder().setKv(kv).build();
  }

  private static Event deleted(String key, long revision) {
    return Event.newBuilder()
        .setType(Event.EventType.DELETE)
        .setKv(KeyValue.newBuilder().setKey(text(key)).setModRevision(revision))
        .build();
  }

  private static KeyValue kv(String key, String value, long created, long modified, long version) {
    return KeyValue.newBuilder()
        .setKey(text(key))
        .setValue(text(value))
        .setCreateRevision(created)
        .setModRevision(modified)
        .setVersion(version)
        .build();
  }

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
