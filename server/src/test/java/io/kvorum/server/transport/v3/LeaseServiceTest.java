// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kvorum.api.etcdserverpb.LeaseGrantRequest;
import io.kvorum.api.etcdserverpb.LeaseGrantResponse;
import io.kvorum.api.etcdserverpb.LeaseKeepAliveRequest;
import io.kvorum.api.etcdserverpb.LeaseKeepAliveResponse;
import io.kvorum.api.etcdserverpb.LeaseRevokeRequest;
import io.kvorum.api.etcdserverpb.LeaseTimeToLiveRequest;
import io.kvorum.api.etcdserverpb.LeaseTimeToLiveResponse;
import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.env.SystemClock;
import io.kvorum.env.VirtualWorld;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.LeaseCommand;
import io.kvorum.server.command.LeaseResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.lease.LeaseAuthority;
import io.kvorum.server.lease.LeaseStore;
import io.kvorum.server.lease.Lessor;
import io.kvorum.server.lease.Pace;
import io.kvorum.server.member.Member;
import io.kvorum.server.request.ChangeLeases;
import io.kvorum.server.request.KeepLeases;
import io.kvorum.server.request.LeaseAccess;
import io.kvorum.server.request.LeaseReply;
import io.kvorum.server.request.LeaseTime;
import io.kvorum.server.request.LeasesHere;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.transport.net.RpcMethods;
import io.kvorum.server.transport.net.StockGrpc;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Lease service of a member that has to ask another one, which leads. */
class LeaseServiceTest {
  private static final String SERVICE = "/etcdserverpb.Lease/";
  private static final MemberId OTHER = new MemberId(9);

  private final Map<Long, CompletableFuture<LeaseReply<Long>>> renewals = new ConcurrentHashMap<>();
  private final VirtualWorld world = new VirtualWorld(new SplittableRandom(1), 1_000_000);
  private final VirtualWorld.Machine machine = world.new Machine();
  private final TestV3 port = new TestV3(this::register);

  private void register(TestV3 here, RpcMethods methods) {
    here.put(new Member(OTHER, "o", List.of("http://o:1"), List.of(), false));
    here.leader = OTHER;
    Lessor idle =
        new Lessor(
            LeaseStore.open(new MemoryEngine(LeaseStore.tables()), 2),
            new NoAuthority(),
            Pace.of(Duration.ofSeconds(1)),
            world,
            machine,
            machine,
            failure -> {});
    new LeaseService(
            new ChangeLeases(LeaseAccess.OFF, this::propose, () -> Long.MIN_VALUE + 77),
            new KeepLeases(
                LeaseAccess.OFF,
                new LeasesHere(
                    idle, () -> CompletableFuture.completedFuture(null), lease -> List.of()),
                new Leader(),
                new KeepLeases.Leadership(here.facts, here::membership),
                machine,
                new SystemClock(),
                Duration.ofSeconds(7)),
            () -> 42,
            here.headers,
            here.gate)
        .register(methods);
  }

  private static final class NoAuthority implements LeaseAuthority {
    @Override
    public long term() {
      return 0;
    }

    @Override
    public boolean hasAppliedOf(long term) {
      return false;
    }

    @Override
    public Checkpoints checkpoints() {
      return Checkpoints.PAUSED;
    }

    @Override
    public CompletableFuture<Outcome> submit(LeaseCommand command, long term) {
      throw new AssertionError("who does not lead orders nothing: " + command);
    }
  }

  private final class Leader implements KeepLeases.AtLeader {
    @Override
    public CompletableFuture<LeaseReply<Long>> renew(List<String> urls, long id, Duration left) {
      assertEquals(List.of("http://o:1"), urls);
      return renewals.computeIfAbsent(id, none -> new CompletableFuture<>());
    }

    @Override
    public CompletableFuture<LeaseReply<LeaseTime>> look(
        List<String> urls, long id, boolean keys, Duration left) {
      return CompletableFuture.completedFuture(
          id == 7
              ? new LeaseReply.Stands<>(
                  new LeaseTime(60, 59, keys ? List.of(Bytes.utf8("k")) : List.<Bytes>of()))
              : new LeaseReply.Gone<>());
    }
  }

  private CompletableFuture<Applied> propose(Command command) {
    Outcome outcome =
        switch (((V3Request) command).command()) {
          case LeaseCommand.Grant(long id, long ttl) ->
              new Outcome.Lease(new LeaseResult.Granted(42, id, ttl));
          default -> new Outcome.Refused(new Refusal.Lease(Refusal.Lease.Reason.NOT_FOUND));
        };
    return CompletableFuture.completedFuture(new Applied(outcome, 5, 3));
  }

  @AfterEach
  void close() {
    port.close();
  }

  @Test
  void anIdIsChosenPositiveAndATooLongTimeIsRefused() {
    LeaseGrantResponse granted =
        port.call(
            SERVICE + "LeaseGrant",
            LeaseGrantRequest.newBuilder().setTTL(60).build(),
            LeaseGrantResponse.parser());
    assertEquals(
        LeaseGrantResponse.newBuilder()
            .setHeader(TestV3.HEADER.toBuilder().setRevision(42))
            .setID(77)
            .setTTL(60)
            .build(),
        granted);
    port.assertFails(
        Status.Code.OUT_OF_RANGE,
        "etcdserver: too large lease TTL",
        SERVICE + "LeaseGrant",
        LeaseGrantRequest.newBuilder().setTTL(9_000_000_001L).build());
    port.assertFails(
        Status.Code.NOT_FOUND,
        "etcdserver: requested lease not found",
        SERVICE + "LeaseRevoke",
        LeaseRevokeRequest.newBuilder().setID(8).build());
  }

  @Test
  void aLeaseThatIsNotThereHasMinusOneSecond() {
    LeaseTimeToLiveResponse.Builder response =
        LeaseTimeToLiveResponse.newBuilder().setHeader(TestV3.HEADER.toBuilder().setRevision(42));
    assertEquals(response.clone().setID(8).setTTL(-1).build(), look(8, true));
    assertEquals(response.clone().setID(7).setTTL(59).setGrantedTTL(60).build(), look(7, false));
    assertEquals("k", look(7, true).getKeys(0).toStringUtf8());
  }

  private LeaseTimeToLiveResponse look(long id, boolean keys) {
    return port.call(
        SERVICE + "LeaseTimeToLive",
        LeaseTimeToLiveRequest.newBuilder().setID(id).setKeys(keys).build(),
        LeaseTimeToLiveResponse.parser());
  }

  @Test
  void renewalsRunSideBySideAndAreAnsweredInOrder() throws Exception {
    StockGrpc.Open call = port.client.open(SERVICE + "LeaseKeepAlive");
    renewals.put(2L, CompletableFuture.completedFuture(new LeaseReply.Stands<>(20L)));
    renewals.put(3L, CompletableFuture.completedFuture(new LeaseReply.Gone<>()));
    for (long id = 1; id <= 3; id++) {
      call.out().onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build().toByteArray());
    }
    call.out().onCompleted();
    renewals
        .computeIfAbsent(1L, none -> new CompletableFuture<>())
        .complete(new LeaseReply.Stands<>(10L));
    long[] expected = {10, 20, 0};
    for (int i = 0; i < 3; i++) {
      LeaseKeepAliveResponse answer = LeaseKeepAliveResponse.parseFrom((byte[]) call.next());
      assertEquals(i + 1, answer.getID());
      assertEquals(expected[i], answer.getTTL());
      assertEquals(42, answer.getHeader().getRevision());
    }
    assertEquals("end", call.next());
  }

  @Test
  void whoAsksForTooMuchAtOnceIsTurnedAway() throws Exception {
    StockGrpc.Open call = port.client.open(SERVICE + "LeaseKeepAlive");
    byte[] request = LeaseKeepAliveRequest.newBuilder().setID(1).build().toByteArray();
    for (int i = 0; i <= 4_096; i++) {
      call.out().onNext(request);
    }
    assertTrue(
        call.next() instanceof StatusRuntimeException failure
            && failure.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED);
  }
}
