// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.base;

import java.time.Duration;

/**
 * Every bound of a member in one place. What happens at a bound is said where it is used.
 *
 * @param requestTime how long a request may wait for consensus (etcd: 5 s + 2 election timeouts)
 * @param requestsMax most requests waiting for consensus at once
 * @param requestBytesMax most bytes of commands waiting for consensus at once
 * @param inboxItemsMax most messages waiting for the raft thread
 * @param applyBytesAhead bytes of committed entries waiting for the apply thread from which on this
 *     member proposes nothing new
 * @param logTailBytes most bytes of applied entries kept in memory for followers
 * @param entriesKept entries kept behind a snapshot for slow followers (etcd: 5000)
 */
public record Limits(
    Duration requestTime,
    int requestsMax,
    long requestBytesMax,
    int inboxItemsMax,
    long applyBytesAhead,
    long logTailBytes,
    int entriesKept) {

  /** The bounds of a member with this election timeout. */
  public static Limits of(Duration electionTimeout) {
    return new Limits(
        Duration.ofSeconds(5).plus(electionTimeout.multipliedBy(2)),
        65_536,
        256L << 20,
        65_536,
        64L << 20,
        16L << 20,
        5_000);
  }
}
