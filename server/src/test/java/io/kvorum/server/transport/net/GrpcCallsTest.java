// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One port for gRPC and ordinary requests, with clients that are not ours. */
class GrpcCallsTest {
  private static final int MESSAGE_BYTES_MAX = 100_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Vertx VERTX = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private static final LongPolls POLLS = new LongPolls();
  private static volatile CountDownLatch closed = new CountDownLatch(1);

  private static InetSocketAddress address = new InetSocketAddress(0);

  @BeforeAll
  static void listen() {
    var methods =
        new RpcMethods()
            .with("test.Echo", "Once", RpcMethod.unary(GrpcCallsTest::once))
            .with("test.Echo", "Each", RpcMethod.lasting(GrpcCallsTest::each))
            .with("test.Echo", "Never", RpcMethod.unary(GrpcCallsTest::never))
            .with("test.Echo", "Strict", RpcMethod.unary(GrpcCallsTest::strict))
            .with("test.Echo", "Broken", RpcMethod.unary(GrpcCallsTest::broken));
    var calls =
        new GrpcCalls(
            methods,
            MESSAGE_BYTES_MAX,
            POLLS,
            request -> request.response().end("over " + request.version()));
    address =
        new HttpListener(VERTX, 2, POLLS, calls)
            .start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
            .toCompletableFuture()
            .join()
            .get(0);
  }

  private static void once(RpcCall call, Bytes message) {
    Thread.ofVirtual()
        .start(
            () ->
                call.later(
                    () -> {
                      call.write(message);
                      call.end();
                    }));
  }

  private static void each(RpcCall call) {
    call.onClosed(() -> closed.countDown());
    call.read(call::write, call::end);
  }

  private static void never(RpcCall call, Bytes message) {
    call.onClosed(() -> closed.countDown());
  }

  private static void strict(RpcCall call, Bytes message) {
    var in = new ProtoReader("Strict", message);
    in.next();
    in.uint64();
    call.end();
  }

  private static void broken(RpcCall call, Bytes message) {
    throw new IllegalStateException("for the test");
  }

  @AfterAll
  static void close() {
    VERTX.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void messagesOfEverySizeComeBack() {
    try (var client = new StockGrpc(address)) {
      var random = new Random(1);
      for (int size : new int[] {0, 1, 127, 128, 16_384, 70_000, MESSAGE_BYTES_MAX}) {
        var message = new byte[size];
        random.nextBytes(message);
        assertArrayEquals(message, client.call("/test.Echo/Once", message));
      }
    }
  }

  @Test
  void manyMessagesOfOneStreamComeBackInOrder() throws InterruptedException {
    try (var client = new StockGrpc(address)) {
      var open = client.open("/test.Echo/Each");
      for (int i = 0; i < 5_000; i++) {
        open.out().onNext(Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
      }
      open.out().onCompleted();
      for (int i = 0; i < 5_000; i++) {
        var message = assertInstanceOf(byte[].class, open.next());
        assertEquals(Integer.toString(i), new String(message, StandardCharsets.US_ASCII));
      }
      assertEquals("end", open.next());
    }
  }

  @Test
  void whatIsNotThereIsToldInTheWordsOfGosServer() {
    assertFails(
        Status.Code.UNIMPLEMENTED, "unknown service etcdserverpb.KV", "/etcdserverpb.KV/Put");
    assertFails(
        Status.Code.UNIMPLEMENTED,
        "unknown method Twice for service test.Echo",
        "/test.Echo/Twice");
  }

  @Test
  void aMessageThatIsTooLongIsRefusedWithBothSizes() {
    try (var client = new StockGrpc(address)) {
      var failure =
          assertThrows(
              StatusRuntimeException.class,
              () -> client.call("/test.Echo/Once", new byte[MESSAGE_BYTES_MAX + 1]));
      assertEquals(Status.Code.RESOURCE_EXHAUSTED, failure.getStatus().getCode());
      assertEquals(
          "grpc: received message larger than max (100001 vs. 100000)",
          failure.getStatus().getDescription());
      assertArrayEquals(new byte[] {1}, client.call("/test.Echo/Once", new byte[] {1}));
    }
  }

  @Test
  void aCompressedMessageIsRefusedAsByGenuineServers() {
    try (var client = new StockGrpc(address)) {
      var failure =
          assertThrows(
              StatusRuntimeException.class,
              () -> client.call("/test.Echo/Once", new byte[50], PATIENCE, "gzip"));
      assertEquals(Status.Code.UNIMPLEMENTED, failure.getStatus().getCode());
      assertEquals(
          "grpc: Decompressor is not installed for grpc-encoding \"gzip\"",
          failure.getStatus().getDescription());
    }
  }

  @Test
  void bytesThatAreNotTheMessageAreRefused() {
    try (var client = new StockGrpc(address)) {
      var failure =
          assertThrows(
              StatusRuntimeException.class,
              () -> client.call("/test.Echo/Strict", new byte[] {10, 0}));
      assertEquals(Status.Code.INTERNAL, failure.getStatus().getCode());
      assertEquals(
          "grpc: error unmarshalling request: Strict, field 1, offset 1: wire type 2, expected 0",
          failure.getStatus().getDescription());
    }
  }

  @Test
  void aFaultOfOursEndsTheCallAndNothingElse() {
    try (var client = new StockGrpc(address)) {
      var failure =
          assertThrows(
              StatusRuntimeException.class, () -> client.call("/test.Echo/Broken", new byte[0]));
      assertEquals(Status.Code.INTERNAL, failure.getStatus().getCode());
      assertArrayEquals(new byte[] {1}, client.call("/test.Echo/Once", new byte[] {1}));
    }
  }

  @Test
  void aCallIsOverWhenItsTimeIs() throws InterruptedException {
    closed = new CountDownLatch(1);
    try (var client = new StockGrpc(address)) {
      var failure =
          assertThrows(
              StatusRuntimeException.class,
              () ->
                  client.call("/test.Echo/Never", new byte[0], Duration.ofMillis(200), "identity"));
      assertEquals(Status.Code.DEADLINE_EXCEEDED, failure.getStatus().getCode());
      assertTrue(closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }
  }

  @Test
  void aCallThatIsGivenUpIsHeardOf() throws InterruptedException {
    closed = new CountDownLatch(1);
    try (var client = new StockGrpc(address)) {
      var open = client.open("/test.Echo/Each");
      open.out().onNext(new byte[] {7});
      assertInstanceOf(byte[].class, open.next());
      assertEquals(1, POLLS.count());
      open.call().cancel("no longer wanted", null);
      assertTrue(closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      assertEquals(0, POLLS.count());
    }
  }

  @Test
  void ordinaryRequestsGoTheirOwnWayWhateverTheirVersion() throws Exception {
    var url = URI.create("http://127.0.0.1:" + address.getPort() + "/v2/keys");
    assertEquals("over HTTP_1_1", get(url, HttpClient.Version.HTTP_1_1));
    // This client asks for HTTP/2 with an upgrade.
    assertEquals("over HTTP_2", get(url, HttpClient.Version.HTTP_2));
    // And this one just speaks it.
    var direct =
        VERTX.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    var body =
        direct
            .request(
                new RequestOptions()
                    .setMethod(HttpMethod.GET)
                    .setHost("127.0.0.1")
                    .setPort(address.getPort())
                    .setURI("/v2/keys"))
            .compose(request -> request.send().compose(response -> response.body()))
            .toCompletionStage()
            .toCompletableFuture()
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertEquals("over HTTP_2", body.toString());
  }

  private static String get(URI url, HttpClient.Version version) throws Exception {
    try (var client = HttpClient.newBuilder().version(version).build()) {
      return client
          .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static void assertFails(Status.Code code, String text, String path) {
    try (var client = new StockGrpc(address)) {
      var failure =
          assertThrows(StatusRuntimeException.class, () -> client.call(path, new byte[0]));
      assertEquals(code, failure.getStatus().getCode());
      assertEquals(text, failure.getStatus().getDescription());
    }
  }
}
