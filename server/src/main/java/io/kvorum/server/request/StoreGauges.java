// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.mvcc.KeyspaceView;
import io.kvorum.server.observe.Metrics;

/** The metrics that follow from the state of a member's stores. */
public final class StoreGauges {
  private StoreGauges() {}

  /** Registers them. */
  public static void register(
      Metrics metrics,
      MemberId local,
      ReportStatus status,
      KeyspaceReading keyspace,
      ConsensusFacts facts) {
    sizes(metrics, status.size());
    metrics.gauge(
        "etcd_server_is_learner",
        "Whether or not this member is a learner. 1 if is, 0 otherwise.",
        () -> status.now().learner() ? 1 : 0);
    metrics.info(
        "etcd_server_id",
        "Server or member ID in hexadecimal format. 1 for 'server_id' label with current ID.",
        "server_id",
        local.hex());
    metrics.info(
        "etcd_cluster_version",
        "Which version is running. 1 for 'cluster_version' label with current cluster version",
        "cluster_version",
        () -> status.clusterVersion().orElse(""));
    metrics.gauge(
        "etcd_debugging_mvcc_current_revision",
        "The current revision of store.",
        () -> keyspace.read(KeyspaceView::revision));
    metrics.gauge(
        "etcd_debugging_mvcc_compact_revision",
        "The revision of the last compaction in store.",
        () -> Math.max(0, keyspace.read(KeyspaceView::compacted)));
    metrics.gauge(
        "etcd_server_apply_backlog_entries",
        "How many committed entries wait to be applied (Kvorum's own).",
        () -> facts.committedIndex() - facts.appliedIndex());
  }

  private static void sizes(Metrics metrics, StoreSize size) {
    metrics.gauge(
        "etcd_mvcc_db_total_size_in_bytes",
        "Total size of the underlying database physically allocated in bytes.",
        size::total);
    metrics.gauge(
        "etcd_mvcc_db_total_size_in_use_in_bytes",
        "Total size of the underlying database logically in use in bytes.",
        size::inUse);
    metrics.gauge(
        "etcd_server_quota_backend_bytes",
        "Current backend storage quota size in bytes.",
        size::quota);
  }
}
