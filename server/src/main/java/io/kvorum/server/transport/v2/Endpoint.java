// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.server.transport.net.HttpExchange;
import io.kvorum.server.transport.net.RequestTarget;

/** Serves the requests of one route whose method is allowed. Called on event loops. */
@FunctionalInterface
interface Endpoint {
  void serve(HttpExchange exchange, RequestTarget target);
}
