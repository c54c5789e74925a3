// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Rewrites tables, one at a time, until somebody says stop: who closes the store should not have to
 * wait until everything is rewritten.
 */
final class RocksRewriting {
  private boolean stopped;
  private @Nullable CompactRangeOptions underWay;

  /** Rewrites all of {@code tables}; fails with the library's exception when stopped meanwhile. */
  void all(RocksDB db, List<ColumnFamilyHandle> tables) throws RocksDBException {
    for (ColumnFamilyHandle table : tables) {
      try (CompactRangeOptions options =
          new CompactRangeOptions()
              .setExclusiveManualCompaction(false)
              .setBottommostLevelCompaction(BottommostLevelCompaction.kForceOptimized)) {
        begin(options);
        try {
          db.compactRange(table, null, null, options);
        } finally {
          end();
        }
      }
    }
  }

  private synchronized void begin(CompactRangeOptions options) throws RocksDBException {
    if (stopped) {
      throw new RocksDBException("stopped");
    }
    underWay = options;
  }

  private synchronized void end() {
    underWay = null;
  }

  /** For good. Any thread. */
  synchronized void stop() {
    stopped = true;
    CompactRangeOptions options = underWay;
    if (options != null) {
      options.setCanceled(true);
    }
  }
}
