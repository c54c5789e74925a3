// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.observe.Metrics;
import java.util.function.LongSupplier;

/** The metrics that follow from what consensus knows anyway. */
public final class MemberGauges {
  private MemberGauges() {}

  /** Registers them; {@code pending} says how many proposals wait for their outcome. */
  public static void register(
      Metrics metrics, MemberId local, ConsensusFacts facts, LongSupplier pending) {
    metrics.gauge(
        "etcd_server_has_leader",
        "Whether or not a leader exists. 1 is existence, 0 is not.",
        () -> facts.leader().equals(MemberId.NONE) ? 0 : 1);
    metrics.gauge(
        "etcd_server_is_leader",
        "Whether or not this member is a leader. 1 if is, 0 otherwise.",
        () -> facts.leader().equals(local) ? 1 : 0);
    metrics.gauge(
        "etcd_server_proposals_committed_total",
        "The total number of consensus proposals committed.",
        facts::committedIndex);
    metrics.gauge(
        "etcd_server_proposals_applied_total",
        "The total number of consensus proposals applied.",
        facts::appliedIndex);
    metrics.gauge(
        "etcd_server_proposals_pending",
        "The current number of pending proposals to commit.",
        pending::getAsLong);
  }
}
