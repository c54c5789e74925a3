// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.base.Bytes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** An answer whose body grows until one side ends it. Owned by the connection's event loop. */
public final class HttpStream {
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final LongPolls polls;
  private final Runnable closed;
  private boolean open = true;

  HttpStream(HttpServerRequest request, LongPolls polls, Runnable closed) {
    this.request = request;
    this.response = request.response();
    this.polls = polls;
    this.closed = closed;
    polls.opened(request.connection());
    response.closeHandler(nothing -> finished());
    response.exceptionHandler(lost -> finished());
  }

  private void finished() {
    if (open) {
      open = false;
      polls.ended(request.connection());
      closed.run();
    }
  }

  public boolean isOpen() {
    return open;
  }

  /** Whether the client reads too slowly: what comes now should wait for {@link #onDrained}. */
  public boolean isFull() {
    return response.writeQueueFull();
  }

  /** Calls {@code more} once the client has caught up. */
  public void onDrained(Runnable more) {
    response.drainHandler(nothing -> more.run());
  }

  /** Sends one chunk. */
  public void write(Bytes chunk) {
    if (open) {
      response.write(Buffer.buffer(chunk.toArray()));
    }
  }

  /** Sends a last chunk and ends the answer; the connection stays usable. */
  public void end(Bytes chunk) {
    if (open) {
      response.end(Buffer.buffer(chunk.toArray()));
      finished();
    }
  }

  /** Ends the answer. */
  public void end() {
    if (open) {
      response.end();
      finished();
    }
  }
}
