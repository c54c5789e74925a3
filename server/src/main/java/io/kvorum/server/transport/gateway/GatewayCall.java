// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.gateway;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.JsonReader;
import io.kvorum.base.MalformedJson;
import io.kvorum.server.transport.net.GrpcTimeout;
import io.kvorum.server.transport.net.HttpAnswer;
import io.kvorum.server.transport.net.HttpExchange;
import io.kvorum.server.transport.net.HttpStream;
import io.kvorum.server.transport.net.RpcCall;
import io.kvorum.server.transport.net.RpcCode;
import io.kvorum.server.transport.net.RpcFault;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call that came as JSON over HTTP. One answer is the body; where there may be several, each is a
 * line of its own in an envelope, sent at once.
 */
final class GatewayCall implements RpcCall {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayCall.class);

  private static final HttpAnswer.Header GRPC =
      HttpAnswer.header("Grpc-Metadata-Content-Type", "application/grpc");
  private static final String METADATA = "Grpc-Metadata-";
  private static final String TIMEOUT = "Grpc-Timeout";
  private static final RpcFault OUT_OF_TIME =
      new RpcFault(RpcCode.DEADLINE_EXCEEDED, "context deadline exceeded");

  private final HttpExchange exchange;
  private final Route route;
  private final int bodyBytesMax;
  private Runnable closed = () -> {};
  private @Nullable HttpStream stream;
  private Bytes answer = Bytes.EMPTY;
  private boolean open = true;
  private RpcCode outcome = RpcCode.CANCELLED;

  GatewayCall(HttpExchange exchange, Route route, int bodyBytesMax) {
    this.exchange = exchange;
    this.route = route;
    this.bodyBytesMax = bodyBytesMax;
    exchange.header(TIMEOUT).ifPresent(this::startTimer);
  }

  private void startTimer(String timeout) {
    long millis = GrpcTimeout.millis(timeout);
    if (millis >= 0) {
      Vertx vertx = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop").owner();
      long timer = vertx.setTimer(Math.max(1, millis), ignored -> fail(OUT_OF_TIME));
      onClosed(() -> vertx.cancelTimer(timer));
    }
  }

  @Override
  public Optional<String> metadata(String key) {
    var own = exchange.header(METADATA + key);
    return own.isEmpty() && key.equals("authorization") ? exchange.header(key) : own;
  }

  @Override
  public String remoteAddress() {
    return exchange.remoteAddress();
  }

  @Override
  public void read(Consumer<Bytes> each, Runnable end) {
    exchange.readBody(
        bodyBytesMax,
        body -> {
          if (parse(body, each) && open) {
            end.run();
          }
        },
        () ->
            fail(
                new RpcFault(
                    RpcCode.RESOURCE_EXHAUSTED,
                    "grpc: received message larger than max (more than " + bodyBytesMax + ")")));
  }

  /** An empty body is an empty message; a stream's body is one message after another. */
  private boolean parse(Bytes body, Consumer<Bytes> each) {
    try {
      var json = new JsonReader(body);
      if (!route.takesMany()) {
        each.accept(json.isAtEnd() ? Bytes.EMPTY : next(json));
        return true;
      }
      while (open && !json.isAtEnd()) {
        each.accept(next(json));
      }
      return true;
    } catch (MalformedJson | JsonMessages.Unfit malformed) {
      fail(new RpcFault(RpcCode.INVALID_ARGUMENT, String.valueOf(malformed.getMessage())));
    } catch (RuntimeException broken) {
      LOG.atError().setCause(broken).addKeyValue("method", route.method()).log("a call broke");
      fail(new RpcFault(RpcCode.INTERNAL, "etcdserver: internal error"));
    }
    return false;
  }

  private Bytes next(JsonReader json) {
    return Bytes.wrap(JsonMessages.read(json, route.request()).toByteArray());
  }

  @Override
  public void write(Bytes message) {
    if (!open) {
      return;
    }
    var json = new GoJson();
    if (route.streams()) {
      json.beginObject().name("result");
      JsonMessages.write(json, parsed(message)).endObject().newline();
      line(200, json.toBytes());
    } else {
      answer = JsonMessages.write(json, parsed(message)).toBytes();
    }
  }

  private Message parsed(Bytes message) {
    try {
      return route.response().getParserForType().parseFrom(message.toArray());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(route.method() + " answered with another message", e);
    }
  }

  private void line(int status, Bytes line) {
    var running = stream;
    if (running == null) {
      running =
          exchange.stream(
              new HttpAnswer(status, HttpAnswer.json(status, Bytes.EMPTY).headers(), Bytes.EMPTY)
                  .with(GRPC),
              this::finished);
      stream = running;
    }
    running.write(line);
  }

  @Override
  public boolean isFull() {
    return stream != null && stream.isFull();
  }

  @Override
  public void onDrained(Runnable more) {
    if (stream != null) {
      stream.onDrained(more);
    }
  }

  @Override
  public void end() {
    if (!open) {
      return;
    }
    outcome = RpcCode.OK;
    if (stream != null) {
      stream.end();
    } else {
      exchange.answer(HttpAnswer.json(200, answer).with(GRPC));
    }
    finished();
  }

  @Override
  public void fail(RpcFault fault) {
    if (!open) {
      return;
    }
    outcome = fault.code();
    int status = HttpStatus.of(fault.code());
    if (!route.streams()) {
      exchange.answer(HttpAnswer.json(status, unary(fault)));
    } else if (stream != null) {
      stream.end(enveloped(fault, status));
    } else {
      exchange.answer(HttpAnswer.json(status, enveloped(fault, status)));
    }
    finished();
  }

  /** {@code error} is for clients of 3.5 and older. */
  static Bytes unary(RpcFault fault) {
    return new GoJson()
        .beginObject()
        .name("error")
        .value(fault.text())
        .name("message")
        .value(fault.text())
        .name("code")
        .value(fault.code().number())
        .endObject()
        .toBytes();
  }

  /** All but {@code code} and {@code message} is for clients of 3.5 and older. */
  private static Bytes enveloped(RpcFault fault, int status) {
    return new GoJson()
        .beginObject()
        .name("error")
        .beginObject()
        .name("grpc_code")
        .value(fault.code().number())
        .name("http_code")
        .value(status)
        .name("message")
        .value(fault.text())
        .name("http_status")
        .value(HttpStatus.reason(status))
        .name("code")
        .value(fault.code().number())
        .endObject()
        .endObject()
        .newline()
        .toBytes();
  }

  private void finished() {
    if (open) {
      open = false;
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
    exchange.later(work);
  }
}
