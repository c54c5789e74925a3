// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;

/**
 * Tells browsers which pages of other origins may use this port. Nobody is kept from anything here:
 * browsers enforce it. Any thread.
 *
 * <p>Source: recorded behaviour of etcd 2.3.7, where nothing is said unless {@code --cors} asks for
 * it; a request without an allowed origin is served, without these headers.
 */
public final class CrossOrigin {
  /** Says nothing. */
  public static final CrossOrigin OFF = new CrossOrigin(List.of());

  private static final String ANY = "*";
  private static final CharSequence ORIGIN = HttpHeaders.createOptimized("Origin");
  private static final HttpAnswer.Header METHODS =
      HttpAnswer.header("Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE");
  private static final HttpAnswer.Header HEADERS =
      HttpAnswer.header("Access-Control-Allow-Headers", "accept, content-type, authorization");
  private static final CharSequence ALLOWED =
      HttpHeaders.createOptimized("Access-Control-Allow-Origin");

  private final Set<String> origins;

  /** Allows these origins, compared as they are spelled, or all when one of them is {@code *}. */
  public CrossOrigin(List<String> origins) {
    this.origins = Set.copyOf(origins);
  }

  /** Puts the headers that a request's origin is owed on its answer to be. */
  void permit(HttpServerRequest request) {
    if (origins.isEmpty()) {
      return;
    }
    String origin = origins.contains(ANY) ? ANY : request.headers().get(ORIGIN);
    if (origin != null && origins.contains(origin)) {
      request
          .response()
          .headers()
          .set(METHODS.name(), METHODS.value())
          .set(ALLOWED, origin)
          .set(HEADERS.name(), HEADERS.value());
    }
  }
}
