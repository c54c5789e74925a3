// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.env.Timers;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.request.KeyspaceAccess;
import io.kvorum.server.request.WatchKeyspace;
import io.kvorum.server.watch.KeyspaceWatches;
import io.kvorum.server.watch.TreeWatches;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Who watches what on this member.
 *
 * @param progressPeriod how often clients that want it are told of progress
 */
record Watches(TreeWatches tree, KeyspaceWatches keyspace, Timers timers, Duration progressPeriod) {

  /**
   * The use case; each client hears of progress a little less often, so that not all do at once.
   */
  WatchKeyspace requests(Stores stores, KeyspaceAccess access) {
    RandomGenerator random = RandomGenerator.getDefault();
    long nanos = progressPeriod.toNanos();
    return new WatchKeyspace(
        access,
        stores.keyspace()::read,
        keyspace,
        timers,
        () -> Duration.ofNanos(nanos + random.nextLong(nanos / 10 + 1)));
  }
}
