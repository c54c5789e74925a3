// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.env.Clock;
import io.vertx.core.http.HttpServerRequest;

/** Makes an {@link HttpExchange} of each request of one port. */
public final class HttpExchanges {
  /** Twelve of the largest forms, in a heap of a gigabyte. */
  private static final long BODY_BYTES_MAX = 128L << 20;

  private final DateHeader date;
  private final LongPolls polls;
  private final CrossOrigin crossOrigin;
  private final BodyBudget bodies;

  /**
   * Serves one port.
   *
   * @param polls where answers without end are noted, so that a stopping listener can cut them
   */
  public HttpExchanges(Clock clock, LongPolls polls, CrossOrigin crossOrigin) {
    this(clock, polls, crossOrigin, BODY_BYTES_MAX);
  }

  /**
   * With another bound.
   *
   * @param bodyBytesMax most bytes of unfinished request bodies held at once
   */
  public HttpExchanges(Clock clock, LongPolls polls, CrossOrigin crossOrigin, long bodyBytesMax) {
    this.date = new DateHeader(clock);
    this.polls = polls;
    this.crossOrigin = crossOrigin;
    this.bodies = new BodyBudget(bodyBytesMax);
  }

  /** To be called on the request's event loop, before anything else is done with it. */
  public HttpExchange of(HttpServerRequest request) {
    crossOrigin.permit(request);
    return new HttpExchange(request, date, polls, bodies);
  }
}
