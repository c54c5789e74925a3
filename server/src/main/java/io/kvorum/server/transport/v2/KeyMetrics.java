// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.server.observe.Counter;
import io.kvorum.server.observe.Histogram;
import io.kvorum.server.observe.Metrics;

/** How many v2 keys requests came in and what became of them. */
final class KeyMetrics {
  private final Metrics.Labelled<Counter> received;
  private final Metrics.Labelled<Counter> failed;
  private final Metrics.Labelled<Histogram> seconds;

  KeyMetrics(Metrics metrics) {
    received =
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
    seconds =
        metrics.histograms(
            "etcd_http_successful_duration_second",
            "Bucketed histogram of processing time (s) of successfully handled requests"
                + " (non-watches), by method (GET/PUT etc.).",
            labels -> Histogram.exponential(0.0005, 2, 13),
            "method");
  }

  void received(String method) {
    received.with(method).increment();
  }

  void failed(String method, int status) {
    failed.with(method, Integer.toString(status)).increment();
  }

  void succeeded(String method, long nanos) {
    seconds.with(method).observe(nanos / 1e9);
  }
}
