// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.member.MemberRegistry;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.mvcc.KeyspaceImport;
import io.kvorum.server.storage.bolt.Bucket;
import io.kvorum.server.storage.bolt.BucketCursor;
import io.kvorum.server.storage.bolt.DatabaseFile;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Table;
import io.kvorum.server.tree.TreeStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts what a database file of etcd holds in the place of what the stores of the v3 API hold. In
 * pieces, so that it needs no more memory for more data; while it goes on, the engine has no state.
 *
 * <p>Buckets that are tables of ours are copied record by record; the keyspace builds what it keeps
 * besides. Members come from the v2 tree that is beside the file.
 */
final class DatabaseInstall implements AutoCloseable {

  private static final int BYTES_PER_BATCH = 1 << 20;
  private static final Bytes CONSISTENT_INDEX = Bytes.utf8("consistent_index");

  private final Optional<DatabaseFile> file;

  private DatabaseInstall(Optional<DatabaseFile> file) {
    this.file = file;
  }

  /** Of {@code file}, which goes to the result; without one, of nothing. */
  static DatabaseInstall of(Optional<DatabaseFile> file) {
    return new DatabaseInstall(file);
  }

  /** The tables whose records are those of the bucket of their name, and nothing but. */
  private static List<Table> copied() {
    List<Table> tables = new ArrayList<>(Stores.tables());
    tables.removeAll(MemberRegistry.tables());
    tables.removeAll(Keyspace.tables());
    tables.remove(TreeStore.TABLE);
    return tables;
  }

  void clear(Batch batch) {
    KeyspaceImport.clear(batch);
    copied().forEach(table -> batch.deleteRange(table, KeyRange.ALL));
  }

  /** Fills the empty tables; returns the log index that the file reflects, 0 for none. */
  long fill(Engine engine) {
    if (file.isEmpty()) {
      return 0;
    }
    for (Table table : copied()) {
      file.get().bucket(table.name()).ifPresent(bucket -> copy(bucket, table, engine));
    }
    Optional<Bucket> meta = file.get().bucket(Keyspace.META.name());
    KeyspaceImport keys = new KeyspaceImport(engine);
    file.get().bucket(Keyspace.RECORDS.name()).ifPresent(bucket -> copy(bucket, keys));
    keys.finish(
        number(meta, Keyspace.SCHEDULED_COMPACTION).orElse(-1L),
        number(meta, Keyspace.FINISHED_COMPACTION).orElse(-1L));
    return number(meta, CONSISTENT_INDEX).orElse(0L);
  }

  private static void copy(Bucket bucket, Table table, Engine engine) {
    Batch batch = new Batch();
    long bytes = 0;
    try (BucketCursor cursor = bucket.records()) {
      while (cursor.next()) {
        batch.put(table, cursor.key(), cursor.value());
        bytes += cursor.key().length() + cursor.value().length();
        if (bytes > BYTES_PER_BATCH) {
          engine.write(batch);
          batch = new Batch();
          bytes = 0;
        }
      }
    }
    engine.write(batch);
  }

  private static void copy(Bucket bucket, KeyspaceImport keys) {
    try (BucketCursor cursor = bucket.records()) {
      while (cursor.next()) {
        keys.add(cursor.key(), cursor.value());
      }
    }
  }

  /** The number that a record begins with: a compaction's record names its revision so. */
  private static Optional<Long> number(Optional<Bucket> meta, Bytes key) {
    return meta.flatMap(bucket -> bucket.get(key))
        .filter(value -> value.length() >= Long.BYTES)
        .map(value -> value.asByteBuffer().getLong());
  }

  @Override
  public void close() {
    try {
      if (file.isPresent()) {
        file.get().close();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("can not close a database", failure);
    }
  }
}
