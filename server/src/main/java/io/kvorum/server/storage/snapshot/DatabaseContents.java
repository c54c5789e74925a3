// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.snapshot;

import io.kvorum.base.Bytes;
import io.kvorum.env.Disk;
import io.kvorum.server.storage.bolt.BucketCursor;
import io.kvorum.server.storage.bolt.CorruptDatabase;
import io.kvorum.server.storage.bolt.DatabaseFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How much of what a database file holds, found by walking over all of it.
 *
 * @param consistentIndex the raft index it reflects, 0 when it does not say
 * @param records how many records each bucket has
 * @param storageVersion as {@code 3.6.0}; absent below 3.6
 */
public record DatabaseContents(
    long consistentIndex, Map<String, Long> records, Optional<String> storageVersion) {

  private static final Bytes CONSISTENT_INDEX = Bytes.utf8("consistent_index");
  private static final Bytes STORAGE_VERSION = Bytes.utf8("storageVersion");

  public DatabaseContents {
    records = Map.copyOf(records);
  }

  /** Throws {@link UnusableDatabase} when the file is damaged. */
  public static DatabaseContents read(Disk disk, Path path) {
    try (DatabaseFile file = DatabaseFile.open(disk, path)) {
      return read(file);
    } catch (CorruptDatabase damage) {
      throw new UnusableDatabase("damaged database: " + damage.getMessage(), damage);
    } catch (IOException failure) {
      throw new SnapshotFailure("can not read the database " + path, failure);
    }
  }

  private static DatabaseContents read(DatabaseFile file) {
    Map<String, Long> records = new TreeMap<>();
    Optional<Bytes> index = Optional.empty();
    Optional<String> storageVersion = Optional.empty();
    try (BucketCursor names = file.root().records()) {
      while (names.next()) {
        String name = names.key().utf8();
        long count = 0;
        try (BucketCursor cursor = names.bucket().records()) {
          while (cursor.next()) {
            count++;
            if (name.equals("meta") && cursor.key().equals(CONSISTENT_INDEX)) {
              index = Optional.of(cursor.value());
            } else if (name.equals("meta") && cursor.key().equals(STORAGE_VERSION)) {
              storageVersion = Optional.of(cursor.value().utf8());
            }
          }
        }
        records.put(name, count);
      }
    }
    return new DatabaseContents(
        index
            .filter(value -> value.length() == Long.BYTES)
            .map(value -> value.asByteBuffer().getLong())
            .orElse(0L),
        records,
        storageVersion);
  }

  /** How many records of {@code bucket} there are. */
  public long count(String bucket) {
    return records.getOrDefault(bucket, 0L);
  }
}
