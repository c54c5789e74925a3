// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.JsonReader;
import io.kvorum.base.MalformedJson;
import io.kvorum.env.Clock;
import io.kvorum.server.observe.LogLevel;
import io.kvorum.server.request.ListMembers;
import io.kvorum.server.transport.net.HttpAnswer;
import io.kvorum.server.transport.net.HttpExchange;
import io.kvorum.server.transport.net.RequestTarget;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The endpoints that are one answer each. Where etcd 3 serves the same URL, its newer body is the
 * one: {@code /version}, {@code /metrics} (docs/compatibility.md).
 */
final class SmallEndpoints {
  private static final HttpAnswer.Header METRICS =
      HttpAnswer.header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  private static final HttpAnswer.Header VARIABLES =
      HttpAnswer.header("Content-Type", "application/json; charset=utf-8");
  private static final int BODY_BYTES_MAX = 1 << 16;

  private final ListMembers members;
  private final StatusRequests status;
  private final Clock clock;
  private final Diagnosis diagnosis;

  SmallEndpoints(ListMembers members, StatusRequests status, Clock clock, Diagnosis diagnosis) {
    this.members = members;
    this.status = status;
    this.clock = clock;
    this.diagnosis = diagnosis;
  }

  void machines(HttpExchange exchange, RequestTarget target) {
    var urls = members.clientUrls().collect(Collectors.joining(", "));
    exchange.answer(text(200, HttpAnswer.TEXT, urls));
  }

  private static HttpAnswer text(int status, HttpAnswer.Header type, String text) {
    return new HttpAnswer(status, List.of(type), Bytes.utf8(text));
  }

  void version(HttpExchange exchange, RequestTarget target) {
    var json = new GoJson().beginObject();
    json.name("etcdserver").value(diagnosis.serverVersion());
    json.name("etcdcluster").value(members.clusterVersion().orElse("not_decided"));
    exchange.answer(HttpAnswer.json(200, json.endObject().toBytes()));
  }

  void statsSelf(HttpExchange exchange, RequestTarget target) {
    exchange.answer(
        HttpAnswer.json(200, StatsJson.self(status.statistics().self(), clock.unixNanos())));
  }

  void statsLeader(HttpExchange exchange, RequestTarget target) {
    exchange.answer(
        status
            .statistics()
            .leader()
            .map(leader -> HttpAnswer.json(200, StatsJson.leader(leader)))
            .orElseGet(() -> HttpAnswer.message(403, "not current leader")));
  }

  void statsStore(HttpExchange exchange, RequestTarget target) {
    var json = new GoJson().beginObject();
    status.statistics().tree().forEach(count -> json.name(count.name()).value(count.value()));
    exchange.answer(HttpAnswer.json(200, json.endObject().toBytes()));
  }

  void metrics(HttpExchange exchange, RequestTarget target) {
    exchange.answer(text(200, METRICS, diagnosis.metrics().page()));
  }

  void debugVars(HttpExchange exchange, RequestTarget target) {
    exchange.answer(
        text(
            200,
            VARIABLES,
            StatsJson.variables(diagnosis.commandLine(), status.statistics().raft())));
  }

  void logLevel(HttpExchange exchange, RequestTarget target) {
    exchange.readBody(
        BODY_BYTES_MAX,
        body -> exchange.answer(logLevel(body)),
        () -> exchange.answer(HttpAnswer.message(400, "Invalid json body")));
  }

  private HttpAnswer logLevel(Bytes body) {
    String given;
    try {
      given = level(new JsonReader(body));
    } catch (MalformedJson malformed) {
      return HttpAnswer.message(400, "Invalid json body");
    }
    var level = LogLevel.named(given);
    level.ifPresent(diagnosis.logLevel());
    return level.isPresent()
        ? HttpAnswer.empty(204)
        : HttpAnswer.message(400, "Invalid log level " + given);
  }

  private static String level(JsonReader json) {
    String level = "";
    json.beginObject();
    while (json.nextMember()) {
      if (json.name().equalsIgnoreCase("Level")) {
        level = json.text();
      } else {
        json.skip();
      }
    }
    return level;
  }
}
