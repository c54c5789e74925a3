// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

import java.nio.file.Path;

/**
 * An ordered key-value store without a log of its own: the raft log is the durable truth, and a
 * crash takes the store back to a state between two batches that is no older than the last {@link
 * #flush}. So every batch must carry the log position it reflects (docs/architecture.md, law 2).
 *
 * <p>Tables are declared when the engine is opened. One thread writes; any thread reads. After
 * {@link #close} everything throws {@link IllegalStateException}. Failures of the storage itself
 * are {@link EngineFailure}.
 */
public interface Engine extends View, AutoCloseable {

  /** Makes all of {@code batch} visible at once. Not durable until {@link #flush}. */
  void write(Batch batch);

  /** All tables as they are now, until it is closed. */
  Snapshot snapshot();

  /** Returns when everything written before is durable. Any thread. */
  void flush();

  /**
   * Flushes, then makes {@code directory} (which must not exist; its parent must) a store of its
   * own with the same content. Cheap: unchanging files are linked.
   */
  void checkpoint(Path directory);

  /**
   * Flushes, then rewrites what is on the medium without what is no longer needed. Slow; readers
   * and the writer go on meanwhile. {@link #close} cuts it short, which is an {@link
   * EngineFailure}. Any thread.
   */
  void defragment();

  /** About how many bytes the store takes on its medium. */
  long sizeBytes();

  /**
   * Closes the engine and whatever cursors and snapshots are still open. Does not flush: what was
   * not flushed comes back from the log at the next start, as after a crash.
   */
  @Override
  void close();
}
