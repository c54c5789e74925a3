// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kvorum.api.v3electionpb.CampaignRequest;
import io.kvorum.api.v3electionpb.CampaignResponse;
import io.kvorum.api.v3electionpb.LeaderKey;
import io.kvorum.api.v3electionpb.LeaderRequest;
import io.kvorum.api.v3electionpb.LeaderResponse;
import io.kvorum.api.v3electionpb.ProclaimRequest;
import io.kvorum.api.v3electionpb.ResignRequest;
import io.kvorum.api.v3electionpb.ResignResponse;
import io.kvorum.api.v3lockpb.LockRequest;
import io.kvorum.api.v3lockpb.LockResponse;
import io.kvorum.api.v3lockpb.UnlockRequest;
import io.kvorum.api.v3lockpb.UnlockResponse;
import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.env.ThreadTimers;
import io.kvorum.env.ThreadWorkers;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.recipe.HoldElections;
import io.kvorum.server.recipe.Ingredients;
import io.kvorum.server.recipe.Leasing;
import io.kvorum.server.recipe.LockNames;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.request.ChangeKeyspace;
import io.kvorum.server.request.KeyspaceAccess;
import io.kvorum.server.request.KeyspaceLimits;
import io.kvorum.server.request.ReadKeyspace;
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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Locks and elections over a real keyspace, and a log that applies at once. */
class RecipeServicesTest {
  private static final String LOCK = "/v3lockpb.Lock/";
  private static final String ELECTION = "/v3electionpb.Election/";
  private static final KeyspaceLimits LIMITS = new KeyspaceLimits(128, 4096);

  /** A lease that is not there. */
  private static final long ENDED = 31;

  private final MemoryEngine engine = new MemoryEngine(Keyspace.tables());
  private final Keyspace keyspace = Keyspace.open(engine);
  private final ThreadTimers timers = new ThreadTimers("timers", failure -> {});
  private final KeyspaceWatches watches =
      new KeyspaceWatches(WatchLimits.DEFAULT, keyspace::read, new ThreadWorkers(), failure -> {});
  private final AtomicLong leases = new AtomicLong(0x100);
  private final Vertx vertx = Vertx.vertx();
  private final StockGrpc client = new StockGrpc(listen());

  private InetSocketAddress listen() {
    var reading =
        new ReadKeyspace(
            KeyspaceAccess.OFF,
            keyspace::read,
            () -> CompletableFuture.completedFuture(null),
            LIMITS);
    Leasing leasing =
        new Leasing() {
          @Override
          public CompletableFuture<Answer<Long>> grant(Caller caller, long ttlSeconds) {
            return Answer.now(new Answer.Done<>(leases.incrementAndGet()));
          }

          @Override
          public void renew(Caller caller, long id) {}
        };
    var ingredients =
        new Ingredients(
            reading,
            new ChangeKeyspace(KeyspaceAccess.OFF, reading, this::propose, LIMITS),
            new WatchKeyspace(
                KeyspaceAccess.OFF, keyspace::read, watches, timers, () -> Duration.ofMinutes(1)),
            leasing,
            timers);
    var headers = new Headers(new MemberId(-5), new MemberId(7), () -> 3);
    var gate = new Gate(() -> true);
    var methods = new RpcMethods();
    new LockService(new LockNames(ingredients), headers, gate).register(methods);
    new ElectionService(new HoldElections(ingredients), headers, gate).register(methods);
    var polls = new LongPolls();
    return new HttpListener(vertx, 1, polls, new GrpcCalls(methods, 1 << 20, polls, r -> {}))
        .start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
        .toCompletableFuture()
        .join()
        .get(0);
  }

  private synchronized CompletableFuture<Applied> propose(Command command) {
    var batch = new Batch();
    var change = (KeyspaceCommand) ((V3Request) command).command();
    Outcome outcome = keyspace.apply(change, lease -> lease != ENDED, batch);
    engine.write(batch);
    keyspace.publish();
    List<KeyEvent> events = keyspace.takeEvents();
    if (!events.isEmpty()) {
      watches.changed(events);
    }
    return CompletableFuture.completedFuture(new Applied(outcome, 9, 3));
  }

  private synchronized void expire(long lease) {
    var batch = new Batch();
    keyspace.deleteAttached(lease, batch);
    engine.write(batch);
    keyspace.publish();
    watches.changed(keyspace.takeEvents());
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
  void aLockIsHadByOneAndTheSameLeaseMayHaveItAgain() throws Exception {
    LockResponse first = lock("L", 0xbb9);
    assertEquals("L/bb9", first.getKey().toStringUtf8());
    assertEquals(2, first.getHeader().getRevision());
    assertEquals(first, lock("L", 0xbb9));
    assertEquals(3, unlock("L/bb9").getHeader().getRevision());
    assertEquals(3, unlock("L/bb9").getHeader().getRevision());
    assertEquals("L/101", lock("L", 0).getKey().toStringUtf8());
    var failure = assertThrows(StatusRuntimeException.class, () -> lock("L", ENDED));
    assertEquals(Status.Code.UNKNOWN, failure.getStatus().getCode());
    assertEquals("etcdserver: requested lease not found", failure.getStatus().getDescription());
    assertEquals(
        "etcdserver: key is not provided",
        assertThrows(StatusRuntimeException.class, () -> unlock("")).getStatus().getDescription());
  }

  @Test
  void whoWaitsGetsItInTurnAndWhoGoesIsPassedOver() throws Exception {
    lock("L", 1);
    StockGrpc.Open second = waiting("L", 2, 2);
    StockGrpc.Open third = waiting("L", 3, 3);
    StockGrpc.Open fourth = waiting("L", 4, 4);
    second.call().cancel("enough", null);
    await(() -> keys("L/") == 3);
    assertNull(third.heard().peek());
    unlock("L/1");
    assertEquals("L/3", locked(third).getKey().toStringUtf8());
    assertNull(fourth.heard().peek());
    expire(3);
    assertEquals("L/4", locked(fourth).getKey().toStringUtf8());
  }

  @Test
  void whoseLeaseEndsWhileWaitingDoesNotGetTheLock() throws Exception {
    lock("L", 1);
    StockGrpc.Open second = waiting("L", 2, 2);
    expire(2);
    unlock("L/1");
    var failure = assertInstanceOf(StatusRuntimeException.class, second.next());
    assertEquals("mutex: session is expired", failure.getStatus().getDescription());
  }

  private StockGrpc.Open waiting(String name, long lease, int keys) {
    StockGrpc.Open call = client.open(LOCK + "Lock");
    call.out().onNext(request(name, lease).toByteArray());
    call.out().onCompleted();
    await(() -> keys(name + "/") == keys);
    return call;
  }

  private static LockResponse locked(StockGrpc.Open call) throws Exception {
    return LockResponse.parseFrom(assertInstanceOf(byte[].class, call.next()));
  }

  private int keys(String prefix) {
    int found = 0;
    for (int lease = 0; lease < 10; lease++) {
      var query = RangeQuery.of(Bytes.utf8(prefix + Integer.toHexString(lease)));
      if (keyspace.read(view -> view.range(query))
              instanceof Outcome.Keyspace(KeyspaceResult.Range range)
          && range.count() == 1) {
        found++;
      }
    }
    return found;
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whoIsElectedProclaimsAndResigns() throws Exception {
    assertEquals("election: no leader", refusal("Leader", leaderRequest("E")));
    CampaignResponse elected = campaign("E", 0xbb9, "me");
    LeaderKey key =
        LeaderKey.newBuilder()
            .setName(text("E"))
            .setKey(text("E/bb9"))
            .setRev(2)
            .setLease(0xbb9)
            .build();
    assertEquals(key, elected.getLeader());
    assertEquals("me", leader("E").getKv().getValue().toStringUtf8());
    call(ELECTION + "Proclaim", proclaim(key, "me2"));
    assertEquals("me2", leader("E").getKv().getValue().toStringUtf8());
    CampaignResponse again = campaign("E", 0xbb9, "me3");
    assertEquals(key, again.getLeader());
    assertEquals(3, again.getHeader().getRevision());
    assertEquals(4, leader("E").getKv().getModRevision());
    var resigned =
        ResignResponse.parseFrom(
            call(ELECTION + "Resign", ResignRequest.newBuilder().setLeader(key).build()));
    assertEquals(5, resigned.getHeader().getRevision());
    assertEquals("election: no leader", refusal("Leader", leaderRequest("E")));
    assertEquals("election: not leader", refusal("Proclaim", proclaim(key, "x")));
    var missing = "\"leader\" field must be provided";
    assertEquals(missing, refusal("Resign", ResignRequest.getDefaultInstance()));
    assertEquals(missing, refusal("Proclaim", ProclaimRequest.getDefaultInstance()));
    assertEquals("/101", campaign("", 0, "").getLeader().getKey().toStringUtf8());
  }

  @Test
  void whoObservesIsToldOfEachLeaderAndWhatItProclaims() throws Exception {
    StockGrpc.Open observer = client.open(ELECTION + "Observe");
    observer.out().onNext(leaderRequest("E").toByteArray());
    observer.out().onCompleted();
    await(() -> watches.count() == 1);
    LeaderKey first = campaign("E", 1, "a").getLeader();
    assertEquals("E/1=a@2", told(observer));
    call(ELECTION + "Proclaim", proclaim(first, "b"));
    assertEquals("E/1=b@3", told(observer));
    StockGrpc.Open second = client.open(ELECTION + "Campaign");
    second
        .out()
        .onNext(
            CampaignRequest.newBuilder()
                .setName(text("E"))
                .setLease(2)
                .setValue(text("c"))
                .build()
                .toByteArray());
    second.out().onCompleted();
    await(() -> keys("E/") == 2);
    expire(1);
    assertEquals("E/2=c@4", told(observer));
    var elected =
        CampaignResponse.parseFrom(assertInstanceOf(byte[].class, second.next())).getLeader();
    assertEquals(4, elected.getRev());
    call(ELECTION + "Resign", ResignRequest.newBuilder().setLeader(elected).build());
    campaign("E", 3, "d");
    assertEquals("E/3=d@7", told(observer));
    observer.call().cancel("enough", null);
    await(() -> watches.count() == 0);
  }

  private static String told(StockGrpc.Open observer) throws Exception {
    var leader = LeaderResponse.parseFrom(assertInstanceOf(byte[].class, observer.next()));
    assertTrue(leader.getHeader().getRevision() >= leader.getKv().getModRevision());
    return leader.getKv().getKey().toStringUtf8()
        + "="
        + leader.getKv().getValue().toStringUtf8()
        + "@"
        + leader.getKv().getModRevision();
  }

  // --- words ---

  private static LockRequest request(String name, long lease) {
    return LockRequest.newBuilder().setName(text(name)).setLease(lease).build();
  }

  private LockResponse lock(String name, long lease) throws InvalidProtocolBufferException {
    return LockResponse.parseFrom(call(LOCK + "Lock", request(name, lease)));
  }

  private UnlockResponse unlock(String key) throws InvalidProtocolBufferException {
    return UnlockResponse.parseFrom(
        call(LOCK + "Unlock", UnlockRequest.newBuilder().setKey(text(key)).build()));
  }

  private CampaignResponse campaign(String name, long lease, String value)
      throws InvalidProtocolBufferException {
    return CampaignResponse.parseFrom(
        call(
            ELECTION + "Campaign",
            CampaignRequest.newBuilder()
                .setName(text(name))
                .setLease(lease)
                .setValue(text(value))
                .build()));
  }

  private LeaderResponse leader(String name) throws InvalidProtocolBufferException {
    return LeaderResponse.parseFrom(call(ELECTION + "Leader", leaderRequest(name)));
  }

  private static LeaderRequest leaderRequest(String name) {
    return LeaderRequest.newBuilder().setName(text(name)).build();
  }

  private static ProclaimRequest proclaim(LeaderKey leader, String value) {
    return ProclaimRequest.newBuilder().setLeader(leader).setValue(text(value)).build();
  }

  private byte[] call(String path, Message request) {
    return client.call(path, request.toByteArray());
  }

  private String refusal(String method, Message request) {
    var failure =
        assertThrows(StatusRuntimeException.class, () -> call(ELECTION + method, request));
    assertEquals(Status.Code.UNKNOWN, failure.getStatus().getCode());
    return String.valueOf(failure.getStatus().getDescription());
  }

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
