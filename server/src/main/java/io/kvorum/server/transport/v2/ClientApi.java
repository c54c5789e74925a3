// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.base.Bytes;
import io.kvorum.env.Clock;
import io.kvorum.server.request.Access;
import io.kvorum.server.request.V2Door;
import io.kvorum.server.transport.net.BadRequest;
import io.kvorum.server.transport.net.HttpAnswer;
import io.kvorum.server.transport.net.HttpExchange;
import io.kvorum.server.transport.net.HttpExchanges;
import io.kvorum.server.transport.net.RequestTarget;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * The client port: finds the route of a request and checks its method. Order of the checks as
 * recorded from etcd 2.3.7: OPTIONS, path cleaning, route, method; all before anything else.
 *
 * <pre>
 *   request ─▶ HttpExchange ─▶ Routes ─▶ Endpoint ─▶ a request's use case
 *                                           │                │ future, any thread
 *   socket ◀── event loop, in batches ◀─────┴── encode ◀─────┘
 * </pre>
 */
public final class ClientApi implements Handler<HttpServerRequest> {
  private static final HttpAnswer NOT_FOUND = HttpAnswer.plainError(404, "404 page not found");
  private static final HttpAnswer OPTIONS = HttpAnswer.empty(200);
  private static final HttpAnswer SHUT = HttpAnswer.message(401, V2Door.SHUT);

  private final HttpExchanges exchanges;
  private final Routes routes;

  /**
   * Builds the port's table.
   *
   * @param v2 whether the v2 API is served ({@code --enable-v2})
   */
  public ClientApi(
      Clock clock,
      HttpExchanges exchanges,
      KeyRequests keys,
      MemberRequests members,
      StatusRequests status,
      AuthRequests access,
      Diagnosis diagnosis,
      boolean v2) {
    this.exchanges = exchanges;
    var small = new SmallEndpoints(members.list(), status, clock, diagnosis);
    var health = new HealthEndpoints(status.health(), diagnosis.metrics());
    this.routes =
        new Routes()
            .at("/version", "GET", small::version)
            .at("/health", "GET", health::health)
            .below("/livez", "GET", health::alive)
            .below("/readyz", "GET", health::ready)
            .at("/metrics", "", small::metrics)
            .at("/debug/vars", "GET", small::debugVars)
            .at(
                "/config/local/log",
                "PUT",
                new BehindDoor(access.door(), method -> false, SHUT, small::logLevel));
    if (v2) {
      addV2(keys, members, access, small, clock, diagnosis);
    }
  }

  private void addV2(
      KeyRequests keys,
      MemberRequests members,
      AuthRequests access,
      SmallEndpoints small,
      Clock clock,
      Diagnosis diagnosis) {
    var clusterId = HttpAnswer.header("X-Etcd-Cluster-Id", members.list().clusterId().hex());
    var keysEndpoint =
        new BehindDoor(
            access.door(),
            method -> method.equals("GET") || method.equals("HEAD"),
            ErrorTable.unauthenticated(V2Door.SHUT).with(clusterId),
            new KeysEndpoint(keys, clock, clusterId, diagnosis.metrics()));
    var membersEndpoint =
        new BehindDoor(
            access.door(),
            "GET"::equals,
            SHUT.with(clusterId),
            new RootOnly(
                access.authorisation(),
                new Access.ChangeMembers(),
                "GET"::equals,
                new MembersEndpoint(members, clusterId)));
    var auth =
        new BehindDoor(
            access.door(),
            method -> false,
            SHUT.with(clusterId),
            new AuthEndpoint(access, members.list(), clusterId));
    routes
        .below("/v2/keys", "HEAD,GET,PUT,POST,DELETE", keysEndpoint)
        .below("/v2/members", "GET,POST,DELETE,PUT", membersEndpoint)
        .at("/v2/machines", "GET,HEAD", small::machines)
        .at("/v2/stats/self", "GET", small::statsSelf)
        .at("/v2/stats/store", "GET", small::statsStore)
        .at("/v2/stats/leader", "GET", small::statsLeader)
        .below(AuthEndpoint.ROLES, "", auth)
        .below(AuthEndpoint.USERS, "", auth)
        .at(AuthEndpoint.ENABLE, "", auth);
  }

  /** The paths of all routes; those that stand for what is below them end in a slash. */
  Set<String> paths() {
    return routes.paths();
  }

  /** Serves one request, on its event loop. */
  @Override
  public void handle(HttpServerRequest request) {
    var exchange = exchanges.of(request);
    if (exchange.method().equals("OPTIONS")) {
      exchange.answer(OPTIONS);
      return;
    }
    var target = RequestTarget.parse(exchange.uri());
    if (target.isEmpty()) {
      BadRequest.malformed(request);
    } else if (target.get().isClean()) {
      route(exchange, target.get());
    } else {
      exchange.answer(moved(exchange.method(), target.get().cleaned()));
    }
  }

  private void route(HttpExchange exchange, RequestTarget target) {
    var route = routes.find(target.path());
    if (route.isEmpty()) {
      exchange.answer(NOT_FOUND);
    } else if (!route.get().allows(exchange.method())) {
      exchange.answer(route.get().notAllowed());
    } else {
      route.get().endpoint().serve(exchange, target);
    }
  }

  private static HttpAnswer moved(String method, String location) {
    var answer = HttpAnswer.empty(301).with(new HttpAnswer.Header("Location", location));
    return switch (method) {
      case "GET" -> {
        var page = "<a href=\"" + htmlEscaped(location) + "\">Moved Permanently</a>.\n\n";
        yield new HttpAnswer(
            301,
            List.of(HttpAnswer.HTML, new HttpAnswer.Header("Location", location)),
            Bytes.wrap(page.getBytes(StandardCharsets.ISO_8859_1)));
      }
      case "HEAD" -> answer.with(HttpAnswer.HTML);
      default -> answer;
    };
  }

  private static String htmlEscaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }
}
