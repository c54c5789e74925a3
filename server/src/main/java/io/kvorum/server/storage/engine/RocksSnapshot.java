// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import java.util.Optional;
import org.rocksdb.ReadOptions;

/** A library snapshot with the read options that select it. */
final class RocksSnapshot implements Snapshot {

  private final RocksEngine engine;
  private final org.rocksdb.Snapshot snapshot;
  private final ReadOptions options = new ReadOptions();
  private volatile boolean closed;

  /** Called inside {@link RocksEngine#using}. */
  RocksSnapshot(RocksEngine engine) {
    this.engine = engine;
    this.snapshot = engine.db().getSnapshot();
    options.setSnapshot(snapshot);
    engine.opened(this);
  }

  @Override
  public Optional<Bytes> get(Table table, Bytes key) {
    requireOpen();
    return engine.get(options, table, key);
  }

  @Override
  public Cursor scan(Table table, KeyRange range, Order order) {
    requireOpen();
    return engine.using(
        "scan", () -> new RocksCursor(engine, Optional.of(snapshot), table, range, order));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the snapshot is closed");
    }
  }

  @Override
  public void close() {
    engine.release(
        this,
        () -> {
          closed = true;
          engine.db().releaseSnapshot(snapshot);
          options.close();
          snapshot.close();
        });
  }
}
