// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.EngineFailure;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.storage.engine.Snapshot;
import io.kvorum.server.storage.engine.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Counts what is asked of the storage, and loses power before a given operation. */
final class FailingEngine implements Engine {

  private final MemoryEngine engine;
  private final int operations;
  private int writes;
  private int flushes;

  /**
   * @param operations how many writes and flushes still work
   */
  FailingEngine(MemoryEngine engine, int operations) {
    this.engine = engine;
    this.operations = operations;
  }

  MemoryEngine engine() {
    return engine;
  }

  int writes() {
    return writes;
  }

  int operationsDone() {
    return writes + flushes;
  }

  private void operate() {
    if (writes + flushes >= operations) {
      throw new EngineFailure("power lost", new IOException("power lost"));
    }
  }

  @Override
  public void write(Batch batch) {
    operate();
    writes++;
    engine.write(batch);
  }

  @Override
  public void flush() {
    operate();
    flushes++;
    engine.flush();
  }

  @Override
  public Optional<Bytes> get(Table table, Bytes key) {
    return engine.get(table, key);
  }

  @Override
  public Cursor scan(Table table, KeyRange range, Order order) {
    return engine.scan(table, range, order);
  }

  @Override
  public Snapshot snapshot() {
    return engine.snapshot();
  }

  @Override
  public void checkpoint(Path directory) {
    engine.checkpoint(directory);
  }

  @Override
  public void defragment() {
    engine.defragment();
  }

  @Override
  public long sizeBytes() {
    return engine.sizeBytes();
  }

  @Override
  public void close() {
    engine.close();
  }
}
