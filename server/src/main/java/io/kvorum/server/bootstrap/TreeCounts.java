// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.server.request.ReportStatistics.Count;
import io.kvorum.server.tree.TreeStatistics.Counter;
import io.kvorum.server.tree.TreeView;
import io.kvorum.server.watch.TreeWatches;
import java.util.ArrayList;
import java.util.List;

/** The counters of {@code /v2/stats/store}, in the order of etcd 2.3.7; watchers come last. */
final class TreeCounts {

  private TreeCounts() {}

  static List<Count> of(TreeView view, TreeWatches watches) {
    List<Count> counts = new ArrayList<>();
    for (Counter counter : Counter.all()) {
      counts.add(new Count(counter.key(), view.statistics().get(counter)));
    }
    counts.add(new Count("watchers", watches.count()));
    return counts;
  }
}
