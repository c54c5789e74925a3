// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.storage.engine.View.Order;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** A library iterator between two bounds. */
final class RocksCursor implements Cursor {

  private final RocksEngine engine;
  private final Order order;
  private final ReadOptions options = new ReadOptions();
  private final Slice lower;
  private final @Nullable Slice upper;
  private final RocksIterator records;
  private boolean started;
  private boolean ended;

  /** Called inside {@link RocksEngine#using}. */
  RocksCursor(
      RocksEngine engine,
      Optional<org.rocksdb.Snapshot> snapshot,
      Table table,
      KeyRange range,
      Order order) {
    this.engine = engine;
    this.order = order;
    this.ended = range.isEmpty();
    snapshot.ifPresent(options::setSnapshot);
    lower = new Slice(range.from().toArray());
    upper = range.to().map(to -> new Slice(to.toArray())).orElse(null);
    options.setIterateLowerBound(lower);
    if (upper != null) {
      options.setIterateUpperBound(upper);
    }
    records = engine.db().newIterator(engine.family(table), options);
    engine.opened(this);
  }

  @Override
  public boolean next() {
    return engine.using(
        "scan",
        () -> {
          if (ended) {
            return false;
          }
          move();
          started = true;
          ended = !records.isValid();
          if (ended) {
            records.status(); // the end, or an unreadable file?
          }
          return !ended;
        });
  }

  private void move() {
    if (order == Order.ASCENDING) {
      if (started) {
        records.next();
      } else {
        records.seekToFirst();
      }
    } else if (started) {
      records.prev();
    } else {
      records.seekToLast();
    }
  }

  @Override
  public Bytes key() {
    return engine.using("scan", () -> Bytes.wrap(present().key()));
  }

  @Override
  public Bytes value() {
    return engine.using("scan", () -> Bytes.wrap(present().value()));
  }

  private RocksIterator present() {
    if (!started || ended) {
      throw new IllegalStateException("the cursor stands on no record");
    }
    return records;
  }

  @Override
  public void close() {
    engine.release(
        this,
        () -> {
          ended = true;
          records.close();
          options.close();
          lower.close();
          if (upper != null) {
            upper.close();
          }
        });
  }
}
