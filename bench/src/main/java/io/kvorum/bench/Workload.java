// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;

/** A load on one member that can be run again and again; its text names the row. */
interface Workload {

  /** What must be there before; once for each cluster. */
  default void prepare(String member) throws IOException, InterruptedException {}

  /** How many requests are under way at once. */
  int underWay();

  boolean writes();

  Result run(String member, int seconds) throws IOException, InterruptedException;

  /**
   * What one run came to: latencies in milliseconds.
   *
   * @param written acknowledged writes, each of which has to be on the disks of a quorum
   */
  record Result(
      long requests, double perSecond, double p50, double p99, long failed, long written) {}
}
