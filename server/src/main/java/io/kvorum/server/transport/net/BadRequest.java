// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;

/** Answers to what is not a request at all: as Go's server words them, then the line is closed. */
public final class BadRequest {
  private BadRequest() {}

  static void answer(HttpServerRequest request) {
    var cause = request.decoderResult().cause();
    if (cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException) {
      answer(request, 431, "431 Request Header Fields Too Large");
    } else {
      malformed(request);
    }
  }

  /** For a request whose target cannot be understood. */
  public static void malformed(HttpServerRequest request) {
    answer(request, 400, "400 Bad Request");
  }

  private static void answer(HttpServerRequest request, int status, String text) {
    var response = request.response();
    response.headers().clear(); // whatever was meant for an answer of a route
    response.setStatusCode(status);
    response.putHeader("Content-Type", "text/plain; charset=utf-8");
    response.putHeader("Connection", "close");
    response.end(text).onComplete(sent -> request.connection().close());
  }
}
