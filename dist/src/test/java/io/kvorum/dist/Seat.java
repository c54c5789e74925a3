// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.Member;

/**
 * One place in a mixed cluster.
 *
 * @param programs what runs in it
 * @param ours whether that is our distribution
 */
record Seat(
    String name,
    boolean ours,
    Distribution programs,
    Member member,
    String peerUrl,
    String clientUrl) {
  @Override
  public String toString() {
    return name;
  }
}
