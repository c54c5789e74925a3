// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

import io.kvorum.base.MemberId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What passes between this member and each other one, under etcd's names. One set of labels per
 * member ever heard of, which are few. Callable from any thread.
 */
public final class PeerMetrics {
  private final Metrics.Labelled<Counter> sent;
  private final Metrics.Labelled<Counter> received;
  private final Metrics.Labelled<Counter> failures;
  private final Metrics.Labelled<Histogram> roundTrips;
  private final Map<Long, Counter> sentTo = new ConcurrentHashMap<>();
  private final Map<Long, Counter> receivedFrom = new ConcurrentHashMap<>();

  public PeerMetrics(Metrics metrics) {
    sent =
        metrics.counters(
            "etcd_network_peer_sent_bytes_total", "The total number of bytes sent to peers.", "To");
    received =
        metrics.counters(
            "etcd_network_peer_received_bytes_total",
            "The total number of bytes received from peers.",
            "From");
    failures =
        metrics.counters(
            "etcd_network_peer_sent_failures_total",
            "The total number of send failures from peers.",
            "To");
    roundTrips =
        metrics.histograms(
            "etcd_network_peer_round_trip_time_seconds",
            "Round-Trip-Time histogram between peers",
            label -> Histogram.exponential(0.0001, 2, 16),
            "To");
  }

  /** A message of about {@code bytes} goes to {@code peer}. */
  public void sent(long peer, int bytes) {
    sentTo.computeIfAbsent(peer, id -> sent.with(MemberId.hex(id))).add(bytes);
  }

  /** A message of about {@code bytes} came from {@code peer}. */
  public void received(long peer, int bytes) {
    receivedFrom.computeIfAbsent(peer, id -> received.with(MemberId.hex(id))).add(bytes);
  }

  /** A message to {@code peer} was lost. */
  public void failed(long peer) {
    failures.with(MemberId.hex(peer)).increment();
  }

  /** A question to {@code peer} was answered within {@code nanos}. */
  public void answered(long peer, long nanos) {
    roundTrips.with(MemberId.hex(peer)).observe(nanos / 1e9);
  }
}
