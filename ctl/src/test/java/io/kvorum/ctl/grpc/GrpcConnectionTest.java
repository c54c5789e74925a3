// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.kvorum.base.Bytes;
import io.kvorum.ctl.http.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Our client against grpc-java's server. The server does as the first byte of a message says: echo,
 * many messages, refuse, or nothing at all.
 */
class GrpcConnectionTest {

  private static final String PATH = "/test.Test/Do";
  private static final long BYTES_MAX = 64 << 20;
  private static final Keepalive KEEPALIVE = new Keepalive(10_000, 10_000);

  private final AtomicInteger written = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();
  private Server server;
  private GrpcConnection connection;

  private static final MethodDescriptor.Marshaller<byte[]> RAW =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  @BeforeEach
  void start() throws IOException {
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName("test.Test/Do")
            .setRequestMarshaller(RAW)
            .setResponseMarshaller(RAW)
            .build();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize((int) BYTES_MAX)
            .addService(
                ServerServiceDefinition.builder("test.Test")
                    .addMethod(ServerMethodDefinition.create(method, this::serve))
                    .build())
            .build()
            .start();
    connection = connect(BYTES_MAX);
  }

  @AfterEach
  void stop() {
    connection.close();
    server.shutdownNow();
  }

  private GrpcConnection connect(long receiveBytesMax) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
    return GrpcConnection.over(socket, "localhost", KEEPALIVE, receiveBytesMax);
  }

  private ServerCall.Listener<byte[]> serve(ServerCall<byte[], byte[]> call, Metadata headers) {
    call.request(1);
    return new ServerCall.Listener<>() {
      private int left;
      private boolean begun;

      @Override
      public void onMessage(byte[] message) {
        switch (message[0]) {
          case 'e' -> {
            begin();
            call.sendMessage(message);
            call.request(1);
          }
          case 'm' -> {
            begin();
            left = 64;
            onReady();
          }
          case 't' -> {
            begin();
            String token = headers.get(Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER));
            call.sendMessage(("e" + token).getBytes(StandardCharsets.UTF_8));
          }
          case 'f' ->
              call.close(Status.OUT_OF_RANGE.withDescription("100 % – too far\n"), new Metadata());
          default -> {}
        }
      }

      private void begin() {
        if (!begun) {
          begun = true;
          call.sendHeaders(new Metadata());
        }
      }

      @Override
      public void onReady() {
        while (left > 0 && call.isReady()) {
          call.sendMessage(new byte[1 << 20]);
          written.incrementAndGet();
          if (--left == 0) {
            call.close(Status.OK, new Metadata());
          }
        }
      }

      @Override
      public void onHalfClose() {
        if (begun && left == 0) {
          call.close(Status.OK, new Metadata());
        }
      }

      @Override
      public void onCancel() {
        cancelled.incrementAndGet();
      }
    };
  }

  private static Bytes message(char kind, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 'x');
    bytes[0] = (byte) kind;
    return Bytes.wrap(bytes);
  }

  private GrpcCall call() {
    return connection.call(PATH, List.of("token", "secret"), Deadline.in(60_000_000_000L));
  }

  @Test
  void oneAnswerToOneRequest() {
    for (int length : new int[] {1, 100, 16_384, 70_000, 20 << 20}) {
      GrpcCall call = call();
      call.sendLast(message('e', length));
      assertEquals(message('e', length), call.receiveOnly());
    }
  }

  @Test
  void metadataArrives() {
    GrpcCall call = call();
    call.sendLast(message('t', 1));
    assertEquals(Bytes.utf8("esecret"), call.receiveOnly());
  }

  @Test
  void aRefusalHasCodeAndText() {
    GrpcCall call = call();
    call.sendLast(message('f', 1));
    RpcFailure failure = assertThrows(RpcFailure.class, call::receiveOnly);
    assertEquals(RpcStatus.OUT_OF_RANGE, failure.status());
    assertEquals("100 % – too far\n", failure.description());
    assertTrue(failure.sent());
  }

  @Test
  void anUnknownMethodIsUnimplemented() {
    GrpcCall call = connection.call("/test.Test/None", List.of(), Deadline.in(60_000_000_000L));
    call.sendLast(message('e', 1));
    assertEquals(
        RpcStatus.UNIMPLEMENTED, assertThrows(RpcFailure.class, call::receiveOnly).status());
  }

  @Test
  void messagesGoBothWaysWhileTheCallIsOpen() {
    GrpcCall call = call();
    for (int i = 1; i < 2000; i += 100) {
      call.send(message('e', i));
      assertEquals(message('e', i), call.receive().orElseThrow());
    }
    call.sendLast(message('e', 5));
    assertEquals(message('e', 5), call.receive().orElseThrow());
    assertTrue(call.receive().isEmpty());
  }

  @Test
  void whoDoesNotTakeMessagesHoldsTheServerUpAndNobodyElse() {
    GrpcCall slow = call();
    slow.sendLast(message('m', 1));
    assertEquals(1 << 20, slow.receive().orElseThrow().length());
    // Every other call goes on while this one's window is used up.
    for (int i = 0; i < 50; i++) {
      GrpcCall other = call();
      other.sendLast(message('e', 100_000));
      assertEquals(100_000, other.receiveOnly().length());
    }
    int before = written.get();
    assertTrue(before < 64, "the server wrote " + before + " MiB to somebody who does not read");
    int taken = 1;
    while (slow.receive().isPresent()) {
      taken++;
    }
    assertEquals(64, taken);
  }

  @Test
  void aMessageThatIsTooLargeEndsTheCall() throws IOException {
    try (GrpcConnection small = connect(1000)) {
      GrpcCall call = small.call(PATH, List.of(), Deadline.in(60_000_000_000L));
      call.sendLast(message('e', 1001));
      RpcFailure failure = assertThrows(RpcFailure.class, call::receiveOnly);
      assertEquals(RpcStatus.RESOURCE_EXHAUSTED, failure.status());
      assertEquals("grpc: received message larger than max (1001 vs. 1000)", failure.description());
    }
  }

  @Test
  void aDeadlineEndsTheCallOnBothSides() throws InterruptedException {
    GrpcCall call = connection.call(PATH, List.of(), Deadline.in(100_000_000L));
    call.send(message('n', 1));
    RpcFailure failure = assertThrows(RpcFailure.class, call::receive);
    assertEquals("context deadline exceeded", failure.getMessage());
    while (cancelled.get() == 0) {
      Thread.onSpinWait();
    }
    assertTrue(connection.isOpen());
  }

  @Test
  void aServerThatGoesAwayEndsCallsAsUnavailable() {
    GrpcCall call = call();
    call.send(message('n', 1));
    server.shutdownNow();
    RpcFailure failure = assertThrows(RpcFailure.class, call::receive);
    assertEquals(RpcStatus.UNAVAILABLE, failure.status());
    RpcFailure next =
        assertThrows(
            RpcFailure.class,
            () -> {
              GrpcCall second = call();
              second.sendLast(message('e', 1));
              second.receiveOnly();
            });
    assertEquals(RpcStatus.UNAVAILABLE, next.status());
    assertFalse(connection.isOpen());
  }

  @Test
  void whatIsNotHttp2IsUnavailable() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answer =
          new Thread(
              () -> {
                try (Socket accepted = plain.accept()) {
                  accepted.getInputStream().readNBytes(24);
                  accepted
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      answer.start();
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), plain.getLocalPort());
      try (GrpcConnection other = GrpcConnection.over(socket, "x", KEEPALIVE, BYTES_MAX)) {
        GrpcCall call = other.call(PATH, List.of(), Deadline.in(60_000_000_000L));
        call.sendLast(message('e', 1));
        RpcFailure failure = assertThrows(RpcFailure.class, call::receiveOnly);
        assertEquals(RpcStatus.UNAVAILABLE, failure.status());
        assertTrue(failure.description().contains("not HTTP/2?"), failure.description());
      }
      answer.join();
    }
  }
}
