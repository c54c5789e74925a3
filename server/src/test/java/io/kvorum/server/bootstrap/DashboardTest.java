// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.kvorum.api.etcdserverpb.PutRequest;
import io.kvorum.base.MemberId;
import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpStream;
import io.kvorum.server.base.Urls;
import io.kvorum.server.transport.net.StockGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every series of etcd's published dashboard and alert rules is there, and what counts has counted.
 */
@Timeout(180)
class DashboardTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Those that are above zero on a leader that has done something. */
  private static final List<String> FED =
      List.of(
          "etcd_server_has_leader",
          "etcd_server_leader_changes_seen_total",
          "etcd_server_proposals_committed_total",
          "etcd_server_proposals_applied_total",
          "etcd_mvcc_db_total_size_in_bytes",
          "etcd_mvcc_db_total_size_in_use_in_bytes",
          "etcd_disk_wal_fsync_duration_seconds_count",
          "etcd_disk_backend_commit_duration_seconds_count",
          "etcd_network_client_grpc_received_bytes_total",
          "etcd_network_client_grpc_sent_bytes_total",
          "etcd_network_peer_received_bytes_total{From=\"OTHER\"}",
          "etcd_network_peer_sent_bytes_total{To=\"OTHER\"}",
          "etcd_network_peer_round_trip_time_seconds_count{To=\"OTHER\"}",
          "grpc_server_started_total{grpc_method=\"Put\",grpc_service=\"etcdserverpb.KV\","
              + "grpc_type=\"unary\"}",
          "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Put\","
              + "grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"}",
          "grpc_server_handled_total{grpc_code=\"InvalidArgument\",grpc_method=\"Put\","
              + "grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"}",
          "process_resident_memory_bytes",
          "process_open_fds",
          "process_max_fds",
          "process_cpu_seconds_total",
          "process_start_time_seconds",
          "etcd_debugging_mvcc_current_revision",
          "etcd_server_client_requests_total{type=\"unary\",client_api_version=\"unknown\"}");

  /** Those that may be zero. */
  private static final List<String> THERE =
      List.of(
          "etcd_server_proposals_pending",
          "etcd_server_proposals_failed_total",
          "etcd_server_quota_backend_bytes",
          "grpc_server_started_total{grpc_method=\"Watch\",grpc_service=\"etcdserverpb.Watch\","
              + "grpc_type=\"bidi_stream\"}");

  @TempDir Path folder = Path.of("");
  private LocalMembers members = new LocalMembers(Path.of(""));

  @BeforeEach
  void folders() {
    members = new LocalMembers(folder);
  }

  @AfterEach
  void stopAll() {
    members.close();
  }

  @Test
  void theDashboardHasItsSeries() {
    members.found("a", "b", "c");
    String leader = members.leaderName();
    MemberId other = members.id(leader.equals("a") ? "b" : "a");
    try (StockGrpc client = new StockGrpc(address(leader))) {
      client.call(
          "/etcdserverpb.KV/Put",
          PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build().toByteArray());
      assertThrows(
          StatusRuntimeException.class, () -> client.call("/etcdserverpb.KV/Put", new byte[0]));
    }
    for (String series : FED) {
      String wanted = series.replace("OTHER", other.hex());
      LocalMembers.await(wanted + " is above zero", () -> value(page(leader), wanted) > 0);
    }
    String page = page(leader);
    THERE.forEach(series -> assertEquals(true, value(page, series) >= 0, series));
  }

  /** -1 when it is not there. */
  private static double value(String page, String series) {
    return page.lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(-1);
  }

  private String page(String name) {
    try {
      return HttpStream.exchange(address(name), HttpCall.of("GET", "/metrics"), PATIENCE).body();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private InetSocketAddress address(String name) {
    String url = members.client(name);
    return new InetSocketAddress(Urls.host(url), Urls.port(url));
  }
}
