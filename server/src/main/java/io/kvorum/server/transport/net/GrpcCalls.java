// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * Serves the gRPC calls of a port and leaves every other request to the port's routes.
 *
 * <p>gRPC is HTTP/2 with a content type that begins with {@code application/grpc}; whatever else
 * comes over HTTP/2 is an ordinary request. As etcd's port tells them apart.
 */
public final class GrpcCalls implements Handler<HttpServerRequest> {
  private static final CharSequence CONTENT_TYPE = HttpHeaders.CONTENT_TYPE;
  private static final String GRPC = "application/grpc";

  /** Most bytes of messages that are still arriving, of all calls; beyond, a call is refused. */
  private static final long UNFINISHED_BYTES_MAX = 128L << 20;

  private final BodyBudget unfinished = new BodyBudget(UNFINISHED_BYTES_MAX);
  private final RpcMethods methods;
  private final long messageBytesMax;
  private final LongPolls polls;
  private final Handler<HttpServerRequest> routes;
  private final GrpcTraffic traffic;

  /**
   * @param messageBytesMax the longest message to take from a client
   * @param polls learns of the calls that stay open
   * @param routes serves what is not gRPC
   */
  public GrpcCalls(
      RpcMethods methods,
      long messageBytesMax,
      LongPolls polls,
      Handler<HttpServerRequest> routes) {
    this(methods, messageBytesMax, polls, routes, GrpcTraffic.unseen());
  }

  /** The same, counting bytes in {@code traffic}. */
  public GrpcCalls(
      RpcMethods methods,
      long messageBytesMax,
      LongPolls polls,
      Handler<HttpServerRequest> routes,
      GrpcTraffic traffic) {
    this.traffic = traffic;
    this.methods = methods;
    this.messageBytesMax = messageBytesMax;
    this.polls = polls;
    this.routes = routes;
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2 && isGrpc(request)) {
      serve(request);
    } else {
      routes.handle(request);
    }
  }

  private static boolean isGrpc(HttpServerRequest request) {
    var type = request.headers().get(CONTENT_TYPE);
    return type != null && type.startsWith(GRPC);
  }

  private void serve(HttpServerRequest request) {
    var call = new GrpcCall(request, messageBytesMax, unfinished, traffic);
    var method = methods.find(request.path());
    if (method.isEmpty()) {
      call.fail(methods.unknown(request.path()));
      return;
    }
    if (method.get().isLasting()) {
      polls.opened(request.connection());
      call.onClosed(() -> polls.ended(request.connection()));
    }
    call.serve(method.get());
  }
}
