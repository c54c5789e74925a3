// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.server.request.V2Door;
import io.kvorum.server.transport.net.HttpAnswer;
import io.kvorum.server.transport.net.HttpExchange;
import io.kvorum.server.transport.net.RequestTarget;
import java.util.function.Predicate;

/**
 * Keeps changes out while authentication is on in v3 only.
 *
 * @param isReading the methods that stay open to everybody
 * @param shut what the others get
 */
record BehindDoor(V2Door door, Predicate<String> isReading, HttpAnswer shut, Endpoint behind)
    implements Endpoint {

  @Override
  public void serve(HttpExchange exchange, RequestTarget target) {
    if (isReading.test(exchange.method()) || !door.isShut()) {
      behind.serve(exchange, target);
    } else {
      exchange.answer(shut);
    }
  }
}
