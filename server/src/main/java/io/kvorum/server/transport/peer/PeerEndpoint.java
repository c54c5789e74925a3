// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/**
 * Something that members ask each other, on the peer port.
 *
 * @param path exact, or with a slash at its end everything below it
 * @param method the only one allowed
 * @param handler runs on the event loop; the answer's cluster id is set already
 */
public record PeerEndpoint(String path, String method, Handler<HttpServerRequest> handler) {

  boolean serves(String asked) {
    return path.endsWith("/") ? asked.startsWith(path) : asked.equals(path);
  }
}
