// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import java.util.Optional;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/** Translates a {@link Batch} into the library's own. */
final class RocksBatch {

  private RocksBatch() {}

  /** The caller closes the result. */
  static WriteBatch encode(Batch batch, RocksEngine engine) throws RocksDBException {
    WriteBatch encoded = new WriteBatch();
    try {
      for (Batch.Change change : batch.changes()) {
        ColumnFamilyHandle family = engine.family(change.table());
        switch (change) {
          case Batch.Put put -> encoded.put(family, put.key().toArray(), put.value().toArray());
          case Batch.Delete delete -> encoded.delete(family, delete.key().toArray());
          case Batch.DeleteRange delete -> {
            Optional<Bytes> to = end(delete, batch, engine);
            if (to.isPresent() && delete.range().from().compareTo(to.get()) < 0) {
              encoded.deleteRange(family, delete.range().from().toArray(), to.get().toArray());
            }
          }
        }
      }
      return encoded;
    } catch (RocksDBException | RuntimeException e) {
      encoded.close();
      throw e;
    }
  }

  /** The library wants an end: for a range without one, just behind the last key there can be. */
  private static Optional<Bytes> end(Batch.DeleteRange delete, Batch batch, RocksEngine engine) {
    KeyRange range = delete.range();
    if (range.to().isPresent()) {
      return range.to();
    }
    Optional<Bytes> last =
        batch.changes().stream()
            .filter(change -> change.table().equals(delete.table()))
            .filter(Batch.Put.class::isInstance)
            .map(change -> ((Batch.Put) change).key())
            .max(Bytes::compareTo);
    try (RocksIterator records = engine.db().newIterator(engine.family(delete.table()))) {
      records.seekToLast();
      if (records.isValid()) {
        Bytes stored = Bytes.wrap(records.key());
        last = Optional.of(last.filter(key -> key.compareTo(stored) > 0).orElse(stored));
      }
    }
    return last.flatMap(key -> KeyRange.only(key).to());
  }
}
