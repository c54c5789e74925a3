// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.env.Clock;
import io.kvorum.server.observe.Histogram;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Snapshot;
import io.kvorum.server.storage.engine.Table;
import java.nio.file.Path;
import java.util.Optional;

/** An engine that measures how long its batches take. */
record MeteredEngine(Engine engine, Histogram seconds, Clock clock) implements Engine {

  @Override
  public void write(Batch batch) {
    long since = clock.monotonicNanos();
    engine.write(batch);
    seconds.observe((clock.monotonicNanos() - since) / 1e9);
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
  public void flush() {
    engine.flush();
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
