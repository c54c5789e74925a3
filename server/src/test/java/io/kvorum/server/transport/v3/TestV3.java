// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kvorum.api.etcdserverpb.ResponseHeader;
import io.kvorum.base.MemberId;
import io.kvorum.raft.Effects.Role;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import io.kvorum.server.transport.net.GrpcCalls;
import io.kvorum.server.transport.net.HttpListener;
import io.kvorum.server.transport.net.LongPolls;
import io.kvorum.server.transport.net.RpcMethods;
import io.kvorum.server.transport.net.StockGrpc;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;

/** A port with services of the v3 API over hand-written stand-ins, and grpc-java as its client. */
final class TestV3 implements AutoCloseable {
  static final MemberId CLUSTER = new MemberId(-5);
  static final MemberId SELF = new MemberId(7);
  static final ResponseHeader HEADER =
      ResponseHeader.newBuilder().setClusterId(-5).setMemberId(7).setRaftTerm(3).build();

  volatile MemberId leader = SELF;
  volatile boolean learner;
  final Map<MemberId, Member> members = new ConcurrentSkipListMap<>();
  final Headers headers = new Headers(CLUSTER, SELF, () -> 3);
  final Gate gate = new Gate(() -> !leader.equals(MemberId.NONE), () -> learner);
  final ConsensusFacts facts = new TestFacts();
  final StockGrpc client;
  private final Vertx vertx = Vertx.vertx();

  /** Lets {@code services} add what is to be called; it may use this port's parts. */
  TestV3(BiConsumer<TestV3, RpcMethods> services) {
    put(new Member(SELF, "s", List.of("http://s:1"), List.of("http://s:2"), false));
    var methods = new RpcMethods();
    services.accept(this, methods);
    var polls = new LongPolls();
    client =
        new StockGrpc(
            new HttpListener(vertx, 1, polls, new GrpcCalls(methods, 1 << 20, polls, r -> {}))
                .start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                .toCompletableFuture()
                .join()
                .get(0));
  }

  void put(Member member) {
    members.put(member.id(), member);
  }

  Membership membership() {
    return new Membership(CLUSTER, SELF, new TreeMap<>(members), Set.of(), Optional.of("3.4.0"));
  }

  <T extends Message> T call(String method, Message request, Parser<T> parser) {
    try {
      return parser.parseFrom(client.call(method, request.toByteArray()));
    } catch (InvalidProtocolBufferException malformed) {
      throw new AssertionError(malformed);
    }
  }

  void assertFails(Status.Code code, String text, String method, Message request) {
    var failure =
        assertThrows(
            StatusRuntimeException.class, () -> client.call(method, request.toByteArray()));
    assertEquals(text, failure.getStatus().getDescription());
    assertEquals(code, failure.getStatus().getCode());
  }

  @Override
  public void close() {
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private final class TestFacts implements ConsensusFacts {
    @Override
    public MemberId leader() {
      return leader;
    }

    @Override
    public Role role() {
      return leader.equals(SELF) ? Role.LEADER : Role.FOLLOWER;
    }

    @Override
    public long term() {
      return 3;
    }

    @Override
    public long appliedIndex() {
      return 11;
    }

    @Override
    public long committedIndex() {
      return 12;
    }
  }
}
