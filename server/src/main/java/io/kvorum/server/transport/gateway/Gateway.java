// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.gateway;

import io.kvorum.base.Bytes;
import io.kvorum.server.transport.net.HttpAnswer;
import io.kvorum.server.transport.net.HttpExchange;
import io.kvorum.server.transport.net.HttpExchanges;
import io.kvorum.server.transport.net.RpcCode;
import io.kvorum.server.transport.net.RpcFault;
import io.kvorum.server.transport.net.RpcMethods;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;

/**
 * The methods of the v3 API for clients that speak JSON: {@code POST} of a message to its route.
 * What is not below {@code /v3/} goes on to the port's other routes.
 *
 * <p>A route is there as soon as its method is. Source: etcd 3.7, with the error bodies of 3.5 and
 * older on top.
 */
public final class Gateway implements Handler<HttpServerRequest> {
  private static final String ROOT = "/v3/";

  /** An alias of old. */
  private static final String BETA = "/v3beta/";

  /** Base64 and the rest of JSON make a message longer. */
  private static final int BYTES_PER_MESSAGE_BYTE = 2;

  private final HttpExchanges exchanges;
  private final RpcMethods methods;
  private final int bodyBytesMax;
  private final Handler<HttpServerRequest> next;
  private final Map<String, Route> routes = new HashMap<>();

  /**
   * @param methods filled before the first request
   * @param messageBytesMax the longest message to take from a client
   * @param next serves what is not the gateway's
   */
  public Gateway(
      HttpExchanges exchanges,
      RpcMethods methods,
      int messageBytesMax,
      Handler<HttpServerRequest> next) {
    this.exchanges = exchanges;
    this.methods = methods;
    this.bodyBytesMax = BYTES_PER_MESSAGE_BYTE * messageBytesMax;
    this.next = next;
    RouteTable.routes().forEach(route -> routes.put(route.path(), route));
  }

  @Override
  public void handle(HttpServerRequest request) {
    var uri = request.uri();
    if (uri.startsWith(ROOT)) {
      serve(exchanges.of(request), uri.substring(ROOT.length()));
    } else if (uri.startsWith(BETA)) {
      serve(exchanges.of(request), uri.substring(BETA.length()));
    } else {
      next.handle(request);
    }
  }

  private void serve(HttpExchange exchange, String rest) {
    if (exchange.method().equals("OPTIONS")) {
      exchange.answer(HttpAnswer.empty(200));
      return;
    }
    int query = rest.indexOf('?');
    var route = routes.get(query < 0 ? rest : rest.substring(0, query));
    var method = route == null ? null : methods.find(route.method()).orElse(null);
    if (route == null || method == null) {
      refuse(exchange, new RpcFault(RpcCode.NOT_FOUND, "Not Found"));
    } else if (!exchange.method().equals("POST")) {
      refuse(exchange, new RpcFault(RpcCode.UNIMPLEMENTED, "Method Not Allowed"));
    } else {
      method.serve(new GatewayCall(exchange, route, bodyBytesMax));
    }
  }

  private static void refuse(HttpExchange exchange, RpcFault fault) {
    Bytes body = GatewayCall.unary(fault);
    exchange.answer(HttpAnswer.json(HttpStatus.of(fault.code()), body));
  }
}
