// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One load on one cluster, measured.
 *
 * @param processorSeconds of all members, per 10,000 requests
 * @param syncs per member, empty when nothing is written
 */
record Round(
    Workload.Result load, double processorSeconds, List<Long> residentMegabytes, List<Long> syncs) {

  static Round measure(Cluster cluster, Workload load, int seconds, Path folder)
      throws IOException, InterruptedException {
    String leader = cluster.leader().url();
    SyncCount count = SyncCount.begin(load.writes() ? cluster.members() : List.of(), folder);
    double before = cluster.processorSeconds();
    Workload.Result result = load.run(leader, seconds);
    double spent = cluster.processorSeconds() - before;
    return new Round(
        result, spent * 10_000 / result.requests(), cluster.residentMegabytes(), count.end());
  }

  /** Whether this round must not be believed. */
  boolean isVoid(int underWay) {
    return load.failed() > 0
        || (!syncs.isEmpty() && !SyncCount.covers(syncs, load.written(), underWay));
  }
}
