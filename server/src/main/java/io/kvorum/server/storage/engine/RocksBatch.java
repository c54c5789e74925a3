// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import java.util.Arrays;
import java.util.Optional;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * Translates a {@link Batch} into the library's own, in its serialised form (RocksDB's {@code
 * write_batch.cc}): a sequence number and a count, then each change as a kind, the family's number,
 * and its byte strings with their lengths. One call into the library instead of one per change.
 */
final class RocksBatch {

  private static final int HEAD_BYTES = 12;
  private static final int COUNT_AT = 8;
  private static final int LENGTHS_BYTES_MAX = 16;

  private static final byte DELETE = 0x4;
  private static final byte PUT = 0x5;
  private static final byte DELETE_RANGE = 0xE;

  private byte[] bytes;
  private int length = HEAD_BYTES;
  private int count;

  private RocksBatch(int capacity) {
    bytes = new byte[capacity];
  }

  /** The caller closes the result. */
  static WriteBatch encode(Batch batch, RocksEngine engine) {
    RocksBatch encoded = new RocksBatch(capacity(batch));
    for (Batch.Change change : batch.changes()) {
      int family = engine.familyNumber(change.table());
      switch (change) {
        case Batch.Put put -> encoded.add(PUT, family, put.key(), put.value());
        case Batch.Delete delete -> encoded.add(DELETE, family, delete.key());
        case Batch.DeleteRange delete -> {
          Optional<Bytes> to = end(delete, batch, engine);
          if (to.isPresent() && delete.range().from().compareTo(to.get()) < 0) {
            encoded.add(DELETE_RANGE, family, delete.range().from(), to.get());
          }
        }
      }
    }
    return new WriteBatch(encoded.finished());
  }

  private static int capacity(Batch batch) {
    int sum = HEAD_BYTES + 2 * LENGTHS_BYTES_MAX;
    for (Batch.Change change : batch.changes()) {
      sum += LENGTHS_BYTES_MAX;
      sum +=
          switch (change) {
            case Batch.Put put -> put.key().length() + put.value().length();
            case Batch.Delete delete -> delete.key().length();
            // With its end, which is at most one byte longer than some key.
            case Batch.DeleteRange delete -> 2 * delete.range().from().length();
          };
    }
    return sum;
  }

  private void add(byte kind, int family, Bytes... parts) {
    ensure(LENGTHS_BYTES_MAX);
    bytes[length++] = kind;
    varint(family);
    for (Bytes part : parts) {
      ensure(LENGTHS_BYTES_MAX + part.length());
      varint(part.length());
      part.copyTo(bytes, length);
      length += part.length();
    }
    count++;
  }

  private void varint(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }

  private byte[] finished() {
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[COUNT_AT + i] = (byte) (count >>> (8 * i));
    }
    return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
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
