// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.MemberId;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.MemberEntry;
import io.kvorum.server.transport.net.HttpAnswer;
import io.kvorum.server.transport.net.HttpAnswer.Header;
import io.kvorum.server.transport.net.HttpExchange;
import io.kvorum.server.transport.net.RequestTarget;
import io.kvorum.server.transport.v2.ErrorTable.MemberVerb;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** {@code /v2/members}: lists and changes the membership. */
final class MembersEndpoint implements Endpoint {
  private static final int BODY_BYTES_MAX = 1 << 20;
  private static final String PREFIX = "/v2/members";

  private final MemberRequests requests;
  private final Header clusterId;

  MembersEndpoint(MemberRequests requests, Header clusterId) {
    this.requests = requests;
    this.clusterId = clusterId;
  }

  @Override
  public void serve(HttpExchange exchange, RequestTarget target) {
    String id = id(target);
    switch (exchange.method()) {
      case "GET" -> answer(exchange, read(id));
      case "POST" -> withUrls(exchange, urls -> add(exchange, urls));
      case "PUT" -> withId(exchange, id, member -> update(exchange, member));
      default -> withId(exchange, id, member -> remove(exchange, member));
    }
  }

  private static String id(RequestTarget target) {
    String rest = target.path().substring(PREFIX.length());
    String id = rest.startsWith("/") ? rest.substring(1) : rest;
    return new String(id.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private void answer(HttpExchange exchange, HttpAnswer answer) {
    exchange.answer(answer.with(clusterId));
  }

  private HttpAnswer read(String what) {
    return switch (what) {
      case "" -> HttpAnswer.json(200, list());
      case "leader" ->
          requests
              .list()
              .leader()
              .map(leader -> HttpAnswer.json(200, one(leader)))
              .orElseGet(() -> HttpAnswer.message(503, "During election"));
      default -> HttpAnswer.message(404, "Not found");
    };
  }

  private Bytes list() {
    var json = new GoJson().beginObject().name("members").beginArray();
    requests.list().all().forEach(member -> write(json, member));
    return json.endArray().endObject().newline().toBytes();
  }

  private static Bytes one(MemberEntry member) {
    var json = new GoJson();
    write(json, member);
    return json.newline().toBytes();
  }

  private static void write(GoJson json, MemberEntry member) {
    json.beginObject().name("id").value(member.id().hex()).name("name").value(member.name());
    json.name("peerURLs").strings(member.peerUrls());
    json.name("clientURLs").strings(member.clientUrls()).endObject();
  }

  private void withId(HttpExchange exchange, String id, Consumer<MemberId> then) {
    if (id.isEmpty()) {
      answer(exchange, HttpAnswer.plainError(405, "Method Not Allowed"));
      return;
    }
    Optional<Long> number = Unsigned.hex(id);
    if (number.isEmpty()) {
      answer(exchange, ErrorTable.noSuchMember(id));
    } else {
      then.accept(new MemberId(number.get()));
    }
  }

  private void withUrls(HttpExchange exchange, Consumer<List<String>> then) {
    String type = exchange.header(HttpAnswer.CONTENT_TYPE).orElse("");
    if (!type.equals("application/json")) {
      var text = "Bad Content-Type " + type + ", accept application/json";
      answer(exchange, HttpAnswer.message(415, text));
      return;
    }
    exchange.readBody(
        BODY_BYTES_MAX,
        body -> {
          try {
            then.accept(PeerUrlsBody.parse(body));
          } catch (PeerUrlsBody.Unusable unusable) {
            answer(exchange, HttpAnswer.message(400, unusable.complaint()));
          }
        },
        () -> answer(exchange, HttpAnswer.message(400, "http: request body too large")));
  }

  private void add(HttpExchange exchange, List<String> urls) {
    reply(
        exchange,
        MemberVerb.ADD,
        requests.change().add(KeysEndpoint.caller(exchange), urls),
        member -> HttpAnswer.json(201, one(member)));
  }

  private void update(HttpExchange exchange, MemberId id) {
    withUrls(
        exchange,
        urls ->
            reply(
                exchange,
                MemberVerb.UPDATE,
                requests.change().update(KeysEndpoint.caller(exchange), id, urls),
                done -> HttpAnswer.empty(204)));
  }

  private void remove(HttpExchange exchange, MemberId id) {
    reply(
        exchange,
        MemberVerb.REMOVE,
        requests.change().remove(KeysEndpoint.caller(exchange), id),
        done -> HttpAnswer.empty(204));
  }

  private <T> void reply(
      HttpExchange exchange,
      MemberVerb verb,
      CompletableFuture<Answer<T>> future,
      Function<T, HttpAnswer> success) {
    var unused =
        Unfailing.of(future)
            .thenAccept(
                answer ->
                    exchange.later(
                        () ->
                            answer(
                                exchange,
                                answer instanceof Answer.Done<T>(var value)
                                    ? success.apply(value)
                                    : ErrorTable.member(answer, verb))));
  }
}
