// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

/**
 * How much one request to the v3 keyspace may ask for.
 *
 * @param operationsMax compares and operations of one branch of a transaction ({@code
 *     --max-txn-ops})
 * @param requestBytesMax the longest log entry to propose ({@code --max-request-bytes})
 */
public record KeyspaceLimits(int operationsMax, long requestBytesMax) {

  /** etcd's defaults. */
  public static final KeyspaceLimits DEFAULT = new KeyspaceLimits(128, 1_572_864);
}
