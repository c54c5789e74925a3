// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.server.observe.Counter;
import io.kvorum.server.observe.Histogram;
import io.kvorum.server.observe.Metrics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How many v2 keys requests came in and what became of them. */
final class KeyMetrics {
  private static final List<String> METHODS = List.of("DELETE", "GET", "HEAD", "POST", "PUT");

  private final Map<String, Counter> received = new HashMap<>();
  private final Metrics.Labelled<Counter> failed;
  private final Map<String, Histogram> seconds = new HashMap<>();

  KeyMetrics(Metrics metrics) {
    var counters =
        metrics.counters(
            "etcd_http_received_total",
            "Counter of requests received into the system (successfully parsed and authd).",
            "method");
    failed =
        metrics.counters(
            "etcd_http_failed_total",
            "Counter of handle failures of requests (non-watches), by method (GET/PUT etc.) and"
                + " code (400, 500 etc.).",
            "method",
            "code");
    var histograms =
        metrics.histograms(
            "etcd_http_successful_duration_second",
            "Bucketed histogram of processing time (s) of successfully handled requests"
                + " (non-watches), by method (GET/PUT etc.).",
            labels -> Histogram.exponential(0.0005, 2, 13),
            "method");
    // Looked up once: putting labels together for every request would cost more than counting.
    for (var method : METHODS) {
      received.put(method, counters.with(method));
      seconds.put(method, histograms.with(method));
    }
  }

  /** {@code method} must be one that the route allows. */
  void received(String method) {
    of(received, method).increment();
  }

  void failed(String method, int status) {
    failed.with(method, Integer.toString(status)).increment();
  }

  void succeeded(String method, long nanos) {
    of(seconds, method).observe(nanos / 1e9);
  }

  private static <M> M of(Map<String, M> metrics, String method) {
    return Objects.requireNonNull(metrics.get(method), method);
  }
}
