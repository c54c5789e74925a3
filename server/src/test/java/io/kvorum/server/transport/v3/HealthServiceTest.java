// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kvorum.api.health.HealthCheckRequest;
import io.kvorum.api.health.HealthCheckResponse;
import io.kvorum.api.health.HealthCheckResponse.ServingStatus;
import io.kvorum.server.transport.net.GrpcCalls;
import io.kvorum.server.transport.net.HttpListener;
import io.kvorum.server.transport.net.LongPolls;
import io.kvorum.server.transport.net.RpcMethods;
import io.kvorum.server.transport.net.StockGrpc;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthServiceTest {
  private static final String CHECK = "/grpc.health.v1.Health/Check";
  private static final byte[] SERVING = status(ServingStatus.SERVING);

  private final Vertx vertx = Vertx.vertx();
  private final StockGrpc client = new StockGrpc(listen());

  private InetSocketAddress listen() {
    var methods = new RpcMethods();
    HealthService.register(methods);
    var polls = new LongPolls();
    return new HttpListener(vertx, 1, polls, new GrpcCalls(methods, 1 << 20, polls, r -> {}))
        .start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
        .toCompletableFuture()
        .join()
        .get(0);
  }

  @AfterEach
  void close() {
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void theServerAsAWholeIsServing() {
    assertArrayEquals(SERVING, client.call(CHECK, new byte[0]));
  }

  @Test
  void noServiceHasAStateOfItsOwn() {
    var failure =
        assertThrows(
            StatusRuntimeException.class, () -> client.call(CHECK, named("etcdserverpb.KV")));
    assertEquals(Status.Code.NOT_FOUND, failure.getStatus().getCode());
    assertEquals("unknown service", failure.getStatus().getDescription());
  }

  @Test
  void aMessageThatIsNoneIsRefused() {
    var failure =
        assertThrows(StatusRuntimeException.class, () -> client.call(CHECK, new byte[] {10, 5}));
    assertEquals(Status.Code.INTERNAL, failure.getStatus().getCode());
  }

  @Test
  void whoWatchesIsToldAtOnce() throws InterruptedException {
    assertArrayEquals(SERVING, watched(new byte[0]));
    assertArrayEquals(status(ServingStatus.SERVICE_UNKNOWN), watched(named("x")));
  }

  private byte[] watched(byte[] message) throws InterruptedException {
    var open = client.open("/grpc.health.v1.Health/Watch");
    open.out().onNext(message);
    var heard = assertInstanceOf(byte[].class, open.next());
    open.call().cancel("enough", null);
    return heard;
  }

  private static byte[] named(String service) {
    return HealthCheckRequest.newBuilder().setService(service).build().toByteArray();
  }

  private static byte[] status(ServingStatus status) {
    return HealthCheckResponse.newBuilder().setStatus(status).build().toByteArray();
  }
}
