// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.env.Clock;
import io.vertx.core.http.HttpServerRequest;

/** Makes an {@link HttpExchange} of each request of one port. */
public final class HttpExchanges {
  private final DateHeader date;
  private final LongPolls polls;
  private final CrossOrigin crossOrigin;

  /**
   * Serves one port.
   *
   * @param polls where answers without end are noted, so that a stopping listener can cut them
   */
  public HttpExchanges(Clock clock, LongPolls polls, CrossOrigin crossOrigin) {
    this.date = new DateHeader(clock);
    this.polls = polls;
    this.crossOrigin = crossOrigin;
  }

  /** To be called on the request's event loop, before anything else is done with it. */
  public HttpExchange of(HttpServerRequest request) {
    crossOrigin.permit(request);
    return new HttpExchange(request, date, polls);
  }
}
