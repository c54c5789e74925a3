// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedProto;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A call that came as gRPC, over HTTP/2. */
final class GrpcCall implements RpcCall {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcCall.class);

  private static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("content-type");
  private static final CharSequence GRPC = HttpHeaders.createOptimized("application/grpc");
  private static final CharSequence STATUS = HttpHeaders.createOptimized("grpc-status");
  private static final CharSequence MESSAGE = HttpHeaders.createOptimized("grpc-message");
  private static final CharSequence ENCODING = HttpHeaders.createOptimized("grpc-encoding");
  private static final CharSequence TIMEOUT = HttpHeaders.createOptimized("grpc-timeout");
  private static final CharSequence ZERO = HttpHeaders.createOptimized("0");

  private static final HexFormat DIGITS = HexFormat.of().withUpperCase();

  private static final RpcFault OUT_OF_TIME =
      new RpcFault(RpcCode.DEADLINE_EXCEEDED, "context deadline exceeded");

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final GrpcFrames frames;
  private final GrpcTraffic traffic;
  private final LoopInbox loop = LoopInbox.current();
  private Runnable closed = () -> {};
  private Runnable timeStopped = () -> {};
  private boolean open = true;
  private RpcCode outcome = RpcCode.CANCELLED;

  /** To be made on the request's event loop. */
  GrpcCall(
      HttpServerRequest request, long messageBytesMax, BodyBudget budget, GrpcTraffic traffic) {
    this.traffic = traffic;
    this.request = request;
    this.response = request.response();
    this.frames =
        new GrpcFrames(
            messageBytesMax, Objects.requireNonNullElse(request.getHeader(ENCODING), ""), budget);
    response.exceptionHandler(lost -> finished());
    response.closeHandler(nothing -> finished());
    request.exceptionHandler(lost -> finished());
    startTimer();
  }

  private void startTimer() {
    var text = request.getHeader(TIMEOUT);
    if (text != null) {
      long millis = GrpcTimeout.millis(text);
      if (millis >= 0) {
        var vertx = vertx();
        long timer = vertx.setTimer(Math.max(1, millis), ignored -> fail(OUT_OF_TIME));
        timeStopped = () -> vertx.cancelTimer(timer);
      }
    }
  }

  private static Vertx vertx() {
    Context context = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
    return context.owner();
  }

  @Override
  public Optional<String> metadata(String key) {
    return Optional.ofNullable(request.getHeader(key));
  }

  @Override
  public String remoteAddress() {
    var address = request.remoteAddress();
    var host = address == null ? null : address.hostAddress();
    return host == null ? "" : host;
  }

  @Override
  public void read(Consumer<Bytes> each, Runnable end) {
    Consumer<Bytes> whileOpen =
        message -> {
          if (open) {
            take(message, each);
          }
        };
    request.handler(piece -> guarded(() -> frames.add(piece, whileOpen)));
    request.endHandler(
        nothing ->
            guarded(
                () -> {
                  frames.end();
                  if (open) {
                    end.run();
                  }
                }));
  }

  @Override
  public void pause() {
    if (open) {
      request.pause();
    }
  }

  @Override
  public void resume() {
    if (open) {
      request.resume();
    }
  }

  private void take(Bytes message, Consumer<Bytes> each) {
    traffic.received().add(message.length());
    try {
      each.accept(message);
    } catch (MalformedProto malformed) {
      fail(
          new RpcFault(
              RpcCode.INTERNAL, "grpc: error unmarshalling request: " + malformed.getMessage()));
    }
  }

  /** Has {@code method} serve this call. */
  void serve(RpcMethod method) {
    guarded(() -> method.serve(this));
  }

  private interface Reading {
    void run() throws GrpcFrames.Unreadable;
  }

  private void guarded(Reading reading) {
    if (!open) {
      return;
    }
    try {
      reading.run();
    } catch (GrpcFrames.Unreadable unreadable) {
      fail(unreadable.fault());
    } catch (RuntimeException broken) {
      // A fault of ours: this call ends, the connection's others go on.
      LOG.atError().setCause(broken).addKeyValue("method", request.path()).log("a call broke");
      fail(new RpcFault(RpcCode.INTERNAL, "etcdserver: internal error"));
    }
  }

  @Override
  public void write(Bytes message) {
    if (open) {
      startAnswer();
      traffic.sent().add(message.length());
      response.write(GrpcFrames.frame(message));
    }
  }

  @Override
  public void write(SharedMessage message) {
    if (open) {
      startAnswer();
      response.write(message.framed());
    }
  }

  private void startAnswer() {
    if (!response.headWritten()) {
      response.headers().set(CONTENT_TYPE, GRPC);
    }
  }

  @Override
  public boolean isFull() {
    return open && response.writeQueueFull();
  }

  @Override
  public void onDrained(Runnable more) {
    if (open) {
      response.drainHandler(nothing -> more.run());
    }
  }

  @Override
  public void end() {
    if (open) {
      outcome = RpcCode.OK;
      startAnswer();
      response.trailers().set(STATUS, ZERO);
      response.end();
      finished();
    }
  }

  @Override
  public void fail(RpcFault fault) {
    if (!open) {
      return;
    }
    outcome = fault.code();
    // A call that fails before its first message has one block of headers, and no trailers.
    boolean started = response.headWritten();
    startAnswer();
    var last = started ? response.trailers() : response.headers();
    last.set(STATUS, Integer.toString(fault.code().number()));
    last.set(MESSAGE, percentEncoded(fault.text()));
    response.end();
    finished();
  }

  private void finished() {
    if (open) {
      open = false;
      timeStopped.run();
      frames.release();
      closed.run();
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void onClosed(Runnable whenClosed) {
    var before = closed;
    closed =
        () -> {
          before.run();
          whenClosed.run();
        };
  }

  @Override
  public void onEnded(Consumer<RpcCode> ended) {
    onClosed(() -> ended.accept(outcome));
  }

  @Override
  public void later(Runnable work) {
    loop.add(work);
  }

  /** All but printable ASCII, and the percent sign, as two hexadecimal digits a byte. */
  static String percentEncoded(String text) {
    var out = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= ' ' && b <= '~' && b != '%') {
        out.append((char) b);
      } else {
        out.append('%').append(DIGITS.toHexDigits(b));
      }
    }
    return out.toString();
  }
}
