// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;

/** The library's options, which are native objects that must outlive the store. */
final class RocksSettings implements AutoCloseable {

  /** What a table takes at least while it holds anything unflushed; the default is a megabyte. */
  private static final long ARENA_BLOCK_BYTES = 128 << 10;

  private final LRUCache cache;
  private final BloomFilter filter = new BloomFilter(10);
  private final ColumnFamilyOptions family;
  private final DBOptions database;

  RocksSettings(RocksLimits limits) {
    cache = new LRUCache(limits.cacheBytes());
    family =
        new ColumnFamilyOptions()
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setWriteBufferSize(limits.writeBufferBytes())
            .setArenaBlockSize(ARENA_BLOCK_BYTES)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setCacheIndexAndFilterBlocks(true) // so that the cache bounds them too
                    .setPinL0FilterAndIndexBlocksInCache(true)
                    // In small parts: whole, those of one file are a megabyte each, and with some
                    // ten million keys reads do nothing but fetch them into the cache again.
                    .setIndexType(IndexType.kTwoLevelIndexSearch)
                    .setPartitionFilters(true)
                    .setMetadataBlockSize(4096)
                    .setPinTopLevelIndexAndFilter(true)
                    .setCacheIndexAndFilterBlocksWithHighPriority(true)
                    .setFilterPolicy(filter));
    database =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setAtomicFlush(true)
            .setAvoidFlushDuringShutdown(true) // closing is a crash; the log has the rest
            .setDbWriteBufferSize(limits.writeBufferBytes())
            .setMaxOpenFiles(limits.openFilesMax())
            .setMaxBackgroundJobs(limits.backgroundJobs())
            .setStatsDumpPeriodSec(0) // an idle member must be idle
            .setStatsPersistPeriodSec(0)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setMaxLogFileSize(1 << 20)
            .setKeepLogFileNum(2);
  }

  ColumnFamilyOptions family() {
    return family;
  }

  DBOptions database() {
    return database;
  }

  @Override
  public void close() {
    database.close();
    family.close();
    filter.close();
    cache.close();
  }
}
