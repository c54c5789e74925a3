// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.server.observe.Counter;
import io.kvorum.server.observe.Metrics;
import io.kvorum.server.request.CheckHealth;
import io.kvorum.server.request.CheckHealth.Check;
import io.kvorum.server.transport.net.FormFields;
import io.kvorum.server.transport.net.HttpAnswer;
import io.kvorum.server.transport.net.HttpExchange;
import io.kvorum.server.transport.net.RequestTarget;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * {@code /health}, {@code /livez} and {@code /readyz}, with the parameters of etcd 3.7: {@code
 * exclude} and {@code serializable}, {@code exclude} and {@code verbose}.
 */
final class HealthEndpoints {
  private static final String ALIVE = "/livez";
  private static final String READY = "/readyz";

  private static final Map<String, List<Check>> CHECKS =
      Map.of(
          ALIVE,
          List.of(Check.SERIALIZABLE_READ),
          READY,
          List.of(
              Check.DATA_CORRUPTION,
              Check.SERIALIZABLE_READ,
              Check.LINEARIZABLE_READ,
              Check.NON_LEARNER));

  private static final HttpAnswer NOT_FOUND = HttpAnswer.plainError(404, "404 page not found");

  private final CheckHealth health;
  private final Counter successes;
  private final Counter failures;
  private final Metrics.Labelled<Counter> checks;

  HealthEndpoints(CheckHealth health, Metrics metrics) {
    this.health = health;
    this.successes =
        metrics.counter(
            "etcd_server_health_success", "The total number of successful health checks");
    this.failures =
        metrics.counter("etcd_server_health_failures", "The total number of failed health checks");
    this.checks =
        metrics.counters(
            "etcd_server_healthchecks_total",
            "The total number of each healthcheck.",
            "type",
            "name",
            "status");
  }

  void health(HttpExchange exchange, RequestTarget target) {
    Set<String> excluded = Set.copyOf(values(target, "exclude"));
    boolean serializable = values(target, "serializable").contains("true");
    var unused =
        health
            .check(excluded, serializable)
            .thenAccept(found -> exchange.later(() -> exchange.answer(answer(found))));
  }

  private HttpAnswer answer(CheckHealth.Health found) {
    (found.healthy() ? successes : failures).increment();
    var json = new GoJson().beginObject().name("health").value(Boolean.toString(found.healthy()));
    var body = json.name("reason").value(found.reason()).endObject().toString();
    return found.healthy()
        ? new HttpAnswer(200, List.of(HttpAnswer.TEXT), Bytes.utf8(body))
        : HttpAnswer.plainError(503, body);
  }

  void alive(HttpExchange exchange, RequestTarget target) {
    probe(ALIVE, exchange, target);
  }

  void ready(HttpExchange exchange, RequestTarget target) {
    probe(READY, exchange, target);
  }

  private void probe(String root, HttpExchange exchange, RequestTarget target) {
    List<String> excluded = values(target, "exclude");
    boolean verbose = isGiven(target, "verbose");
    String wanted = target.path().substring(root.length());
    List<Check> all =
        CHECKS.getOrDefault(root, List.of()).stream()
            .filter(check -> wanted.isEmpty() || wanted.equals("/" + check.text()))
            .filter(check -> !excluded.contains(check.text()))
            .toList();
    if (all.isEmpty() && !wanted.isEmpty()) {
      exchange.answer(NOT_FOUND);
      return;
    }
    Map<Check, CompletableFuture<Optional<String>>> running = new EnumMap<>(Check.class);
    all.forEach(check -> running.put(check, health.failure(check)));
    var unused =
        CompletableFuture.allOf(running.values().toArray(CompletableFuture[]::new))
            .thenAccept(
                done -> exchange.later(() -> exchange.answer(answer(root, running, verbose))));
  }

  private HttpAnswer answer(
      String root, Map<Check, CompletableFuture<Optional<String>>> done, boolean verbose) {
    List<String> lines = new ArrayList<>();
    boolean sound = true;
    for (var one : done.entrySet()) {
      Optional<String> failure = one.getValue().join();
      String name = one.getKey().text();
      sound &= failure.isEmpty();
      checks.with(root, name, failure.isEmpty() ? "success" : "error").increment();
      lines.add(
          failure.map(text -> "[-]" + name + " failed: " + text).orElse("[+]" + name + " ok"));
    }
    if (!sound) {
      return HttpAnswer.plainError(503, String.join("\n", lines));
    }
    lines.add("ok");
    return HttpAnswer.plainError(200, verbose ? String.join("\n", lines) : "ok");
  }

  private static List<String> values(RequestTarget target, String name) {
    List<String> values = new ArrayList<>();
    for (String pair : target.query().orElse("").split("&", -1)) {
      FormFields one = new FormFields();
      one.addQuery(pair);
      one.text(name).ifPresent(values::add);
    }
    return values;
  }

  private static boolean isGiven(RequestTarget target, String name) {
    return !values(target, name).isEmpty();
  }
}
