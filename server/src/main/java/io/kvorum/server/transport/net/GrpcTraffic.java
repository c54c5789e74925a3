// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.server.observe.Counter;
import io.kvorum.server.observe.Metrics;

/** Counts the bytes of messages that pass between a port and its gRPC clients. */
public record GrpcTraffic(Counter received, Counter sent) {

  /** Under etcd's names. */
  public static GrpcTraffic of(Metrics metrics) {
    return new GrpcTraffic(
        metrics.counter(
            "etcd_network_client_grpc_received_bytes_total",
            "The total number of bytes received from grpc clients."),
        metrics.counter(
            "etcd_network_client_grpc_sent_bytes_total",
            "The total number of bytes sent to grpc clients."));
  }

  /** Where nobody looks. */
  static GrpcTraffic unseen() {
    return new GrpcTraffic(new Counter(), new Counter());
  }
}
