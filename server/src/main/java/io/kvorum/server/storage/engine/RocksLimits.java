// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

/**
 * What the storage library may take.
 *
 * @param cacheBytes unpacked blocks kept for readers
 * @param writeBufferBytes written but not flushed, over all tables; when full it flushes by itself
 * @param openFilesMax file descriptors
 * @param backgroundJobs threads for flushes and compactions
 */
public record RocksLimits(
    long cacheBytes, long writeBufferBytes, int openFilesMax, int backgroundJobs) {

  public static final RocksLimits DEFAULT = new RocksLimits(64 << 20, 64 << 20, 512, 2);

  /** All files are opened at once (-1), so that they stay readable when their owner drops them. */
  static final RocksLimits TO_READ = new RocksLimits(8 << 20, 1 << 20, -1, 1);
}
