// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The gRPC client that Java programs have, for messages that are bytes already. */
public final class StockGrpc implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ManagedChannel channel;

  public StockGrpc(InetSocketAddress address) {
    channel = NettyChannelBuilder.forAddress(address).usePlaintext().build();
  }

  /** Calls a method with one message; a failure is a {@link io.grpc.StatusRuntimeException}. */
  public byte[] call(String path, byte[] message) {
    return call(path, message, PATIENCE, "identity");
  }

  /** The same with a time limit, and compressed. */
  public byte[] call(String path, byte[] message, Duration limit, String compression) {
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    return ClientCalls.blockingUnaryCall(
        channel,
        method(path, MethodType.UNARY),
        compression.equals("identity") ? options : options.withCompression(compression),
        message);
  }

  /** Opens a call that goes both ways. */
  public Open open(String path) {
    return open(channel, path);
  }

  /** The same with a piece of metadata. */
  public Open open(String path, String key, String value) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value);
    return open(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
        path);
  }

  private static Open open(Channel through, String path) {
    ClientCall<byte[], byte[]> call =
        through.newCall(method(path, MethodType.BIDI_STREAMING), CallOptions.DEFAULT);
    BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    StreamObserver<byte[]> out =
        ClientCalls.asyncBidiStreamingCall(
            call,
            new StreamObserver<>() {
              @Override
              public void onNext(byte[] message) {
                heard.add(message);
              }

              @Override
              public void onError(Throwable failure) {
                heard.add(failure);
              }

              @Override
              public void onCompleted() {
                heard.add("end");
              }
            });
    return new Open(call, out, heard);
  }

  /** A call under way; {@code heard} holds messages, then a failure or the text {@code end}. */
  public record Open(
      ClientCall<byte[], byte[]> call, StreamObserver<byte[]> out, BlockingQueue<Object> heard) {

    /** What comes next. */
    public Object next() throws InterruptedException {
      Object next = heard.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (next == null) {
        throw new AssertionError("nothing came in " + PATIENCE);
      }
      return next;
    }
  }

  /** Opens a call that goes both ways and of which nothing is read but what is asked for. */
  public Unread openWithoutReading(String path) {
    ClientCall<byte[], byte[]> call =
        channel.newCall(method(path, MethodType.BIDI_STREAMING), CallOptions.DEFAULT);
    BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(byte[] message) {
            heard.add(message);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            heard.add(status);
          }
        },
        new Metadata());
    return new Unread(call, heard);
  }

  /** A call whose client reads one message at a time. */
  public record Unread(ClientCall<byte[], byte[]> call, BlockingQueue<Object> heard)
      implements AutoCloseable {

    public void send(byte[] message) {
      call.sendMessage(message);
    }

    /** Reads one message. */
    public byte[] next() throws InterruptedException {
      call.request(1);
      Object next = heard.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (next instanceof byte[] message) {
        return message;
      }
      throw new AssertionError("no message in " + PATIENCE + " but " + next);
    }

    @Override
    public void close() {
      call.cancel("enough", null);
    }
  }

  private static MethodDescriptor<byte[], byte[]> method(String path, MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName(path.substring(1))
        .setRequestMarshaller(AsTheyAre.INSTANCE)
        .setResponseMarshaller(AsTheyAre.INSTANCE)
        .build();
  }

  private enum AsTheyAre implements MethodDescriptor.Marshaller<byte[]> {
    INSTANCE;

    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
