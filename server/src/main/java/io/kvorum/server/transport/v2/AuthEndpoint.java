// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.server.request.Access;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.request.ListMembers;
import io.kvorum.server.request.Saved;
import io.kvorum.server.transport.net.HttpAnswer;
import io.kvorum.server.transport.net.HttpAnswer.Header;
import io.kvorum.server.transport.net.HttpExchange;
import io.kvorum.server.transport.net.RequestTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * {@code /v2/auth}: users, roles and the switch. Order of the checks as recorded from etcd 2.3.7:
 * cluster version known, path, method, root, content.
 */
final class AuthEndpoint implements Endpoint {
  static final String USERS = "/v2/auth/users";
  static final String ROLES = "/v2/auth/roles";
  static final String ENABLE = "/v2/auth/enable";

  private static final int BODY_BYTES_MAX = 10 << 20;
  private static final String ALL_METHODS = "GET,PUT,DELETE";
  private static final HttpAnswer NOT_CAPABLE =
      HttpAnswer.message(500, "Not capable of accessing auth feature during rolling upgrades.");
  private static final HttpAnswer INVALID_PATH = HttpAnswer.message(400, "Invalid path");

  private final AuthRequests requests;
  private final ListMembers members;
  private final Header clusterId;

  AuthEndpoint(AuthRequests requests, ListMembers members, Header clusterId) {
    this.requests = requests;
    this.members = members;
    this.clusterId = clusterId;
  }

  @Override
  public void serve(HttpExchange exchange, RequestTarget target) {
    if (members.clusterVersion().isEmpty()) {
      exchange.answer(NOT_CAPABLE);
    } else if (target.path().equals(ENABLE)) {
      limited(exchange, target, ALL_METHODS, "GET"::equals, this::enable);
    } else {
      boolean users = target.path().startsWith(USERS);
      String name = name(target.path().substring((users ? USERS : ROLES).length()));
      if (name.indexOf('/') >= 0) {
        exchange.answer(INVALID_PATH);
      } else if (name.isEmpty()) {
        limited(exchange, target, "GET", method -> false, (one, path) -> list(one, users));
      } else if (users) {
        limited(exchange, target, ALL_METHODS, method -> false, (one, path) -> user(one, name));
      } else {
        limited(exchange, target, ALL_METHODS, method -> false, (one, path) -> role(one, name));
      }
    }
  }

  /** What stands behind the collection, without one slash around it: the path is clean. */
  private static String name(String rest) {
    int from = rest.startsWith("/") ? 1 : 0;
    int to = rest.length() > from && rest.endsWith("/") ? rest.length() - 1 : rest.length();
    byte[] bytes = rest.substring(from, to).getBytes(StandardCharsets.ISO_8859_1);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private void limited(
      HttpExchange exchange,
      RequestTarget target,
      String methods,
      Predicate<String> open,
      Endpoint behind) {
    if (List.of(methods.split(",", -1)).contains(exchange.method())) {
      new RootOnly(requests.authorisation(), new Access.ManageAuth(), open, behind)
          .serve(exchange, target);
    } else {
      exchange.answer(Routes.notAllowed(methods));
    }
  }

  private void enable(HttpExchange exchange, RequestTarget target) {
    Caller caller = KeysEndpoint.caller(exchange);
    switch (exchange.method()) {
      case "GET" -> {
        var json = new GoJson().beginObject().name("enabled").value(requests.enable().isOn());
        exchange.answer(HttpAnswer.json(200, json.endObject().newline().toBytes()).with(clusterId));
      }
      case "PUT" -> reply(exchange, requests.enable().turnOn(caller), AuthEndpoint::ok);
      default -> reply(exchange, requests.enable().turnOff(caller), AuthEndpoint::ok);
    }
  }

  private void list(HttpExchange exchange, boolean users) {
    Caller caller = KeysEndpoint.caller(exchange);
    reply(
        exchange,
        users ? requests.users().list(caller) : requests.roles().list(caller),
        AuthEndpoint::ok);
  }

  private void user(HttpExchange exchange, String name) {
    Caller caller = KeysEndpoint.caller(exchange);
    var users = requests.users();
    switch (exchange.method()) {
      case "GET" -> reply(exchange, users.get(caller, name), AuthEndpoint::ok);
      case "PUT" ->
          withBody(
              exchange,
              body -> reply(exchange, users.put(caller, name, body), AuthEndpoint::saved));
      default -> reply(exchange, users.delete(caller, name), AuthEndpoint::ok);
    }
  }

  private void role(HttpExchange exchange, String name) {
    Caller caller = KeysEndpoint.caller(exchange);
    var roles = requests.roles();
    switch (exchange.method()) {
      case "GET" -> reply(exchange, roles.get(caller, name), AuthEndpoint::ok);
      case "PUT" ->
          withBody(
              exchange,
              body -> reply(exchange, roles.put(caller, name, body), AuthEndpoint::saved));
      default -> reply(exchange, roles.delete(caller, name), AuthEndpoint::ok);
    }
  }

  private void withBody(HttpExchange exchange, Consumer<Bytes> then) {
    exchange.readBody(
        BODY_BYTES_MAX,
        then,
        () ->
            exchange.answer(
                HttpAnswer.message(400, "http: request body too large").with(clusterId)));
  }

  private static HttpAnswer ok(Bytes body) {
    return HttpAnswer.json(200, body);
  }

  private static HttpAnswer saved(Saved saved) {
    return HttpAnswer.json(saved.created() ? 201 : 200, saved.document());
  }

  private <T> void reply(
      HttpExchange exchange, CompletableFuture<Answer<T>> future, Function<T, HttpAnswer> success) {
    var unused =
        Unfailing.of(future)
            .thenAccept(
                answer ->
                    exchange.later(
                        () ->
                            exchange.answer(
                                (answer instanceof Answer.Done<T>(var value)
                                        ? success.apply(value)
                                        : ErrorTable.auth(answer))
                                    .with(clusterId))));
  }
}
