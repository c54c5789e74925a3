// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.server.apply.Stores;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.mvcc.KeyspaceView;
import io.kvorum.server.request.StoreSize;

/**
 * The size of the v3 data as a database file of etcd's would hold them: keys and values of all
 * versions that are kept. What a compaction removes is out of it at once, without defragmenting.
 */
record DataSize(Stores stores, long quota) implements StoreSize {

  static DataSize of(Ground ground) {
    return of(ground.stores(), ground.config());
  }

  static DataSize of(Stores stores, MemberConfig config) {
    return new DataSize(stores, config.keyspace().quotaBytes());
  }

  @Override
  public long total() {
    return inUse();
  }

  @Override
  public long inUse() {
    return stores.keyspace().read(KeyspaceView::historyBytes);
  }
}
