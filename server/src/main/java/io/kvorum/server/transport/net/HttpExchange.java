// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.base.Bytes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One request and the way to answer it. Owned by the connection's event loop; only {@link #later}
 * may be called from other threads.
 */
public final class HttpExchange {
  static final CharSequence DATE = HttpHeaders.createOptimized("Date");
  private static final CharSequence CONTENT_LENGTH = HttpHeaders.createOptimized("Content-Length");

  private static final HttpAnswer OVERLOADED =
      HttpAnswer.message(503, "etcdserver: too many requests");

  private final HttpServerRequest request;
  private final DateHeader date;
  private final LongPolls polls;
  private final BodyBudget bodies;
  private final LoopInbox loop = LoopInbox.current();

  HttpExchange(HttpServerRequest request, DateHeader date, LongPolls polls, BodyBudget bodies) {
    this.request = request;
    this.date = date;
    this.polls = polls;
    this.bodies = bodies;
  }

  public String method() {
    return request.method().name();
  }

  /** The request's target as it stands on the wire, one char per byte. */
  public String uri() {
    return request.uri();
  }

  public Optional<String> header(CharSequence name) {
    return Optional.ofNullable(request.headers().get(name));
  }

  /** Where the request comes from, without the port. */
  public String remoteAddress() {
    var address = request.remoteAddress();
    var host = address == null ? null : address.hostAddress();
    return host == null ? "" : host;
  }

  /**
   * Runs {@code work} on this connection's event loop, in a batch with others. Any thread. If it
   * fails, the connection ends: a client must not wait for an answer that will never come.
   */
  public void later(Runnable work) {
    loop.add(() -> runOrClose(work));
  }

  private void runOrClose(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException failure) {
      request.connection().close();
      throw failure;
    }
  }

  /** Holds the body back until {@link #resume}, so that its reader may be chosen later. */
  public void pause() {
    request.pause();
  }

  /** Lets the body come; without a reader by now it is dropped. */
  public void resume() {
    request.resume();
  }

  /**
   * Reads the whole body, then calls {@code whole}; as soon as it proves longer than {@code
   * bytesMax}, calls {@code tooLong} instead and drops the rest. While the port holds too much of
   * other bodies, the client is told so instead.
   */
  public void readBody(int bytesMax, Consumer<Bytes> whole, Runnable tooLong) {
    BodyReader.read(request, bodies, bytesMax, whole, tooLong, this::refuse);
  }

  private void refuse() {
    answer(OVERLOADED);
  }

  /** Sends a complete answer. Nothing happens when the client is gone. */
  public void answer(HttpAnswer answer) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    start(response, answer);
    Bytes body = answer.body();
    boolean head = request.method().equals(HttpMethod.HEAD);
    if (answer.status() != 204 && !(head && body.isEmpty())) {
      response.headers().set(CONTENT_LENGTH, Integer.toString(body.length()));
    }
    if (head || body.isEmpty()) {
      response.end();
    } else {
      response.end(Buffer.buffer(body.toArray()));
    }
  }

  /**
   * Sends the status and headers at once and leaves the answer open, chunked.
   *
   * @param closed called once, on the event loop, when no more can be sent
   */
  public HttpStream stream(HttpAnswer head, Runnable closed) {
    HttpServerResponse response = request.response();
    start(response, head);
    response.setChunked(true);
    var stream = new HttpStream(request, polls, closed);
    response.writeHead();
    return stream;
  }

  private void start(HttpServerResponse response, HttpAnswer answer) {
    response.setStatusCode(answer.status());
    var headers = response.headers();
    for (var header : answer.headers()) {
      headers.set(header.name(), header.value());
    }
    headers.set(DATE, date.now());
  }
}
