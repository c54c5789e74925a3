// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.snapshot;

import io.kvorum.base.Bytes;
import io.kvorum.env.Disk;
import io.kvorum.server.storage.bolt.Bucket;
import io.kvorum.server.storage.bolt.BucketCursor;
import io.kvorum.server.storage.bolt.CorruptDatabase;
import io.kvorum.server.storage.bolt.DatabaseFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How much of what a database file holds, found by walking over all of it.
 *
 * @param consistentIndex the raft index it reflects, 0 when it does not say
 * @param keyVersions records of the v3 keyspace, without delete markers
 * @param other records that only the v3 API makes: delete markers, leases, users, roles, alarms,
 *     compactions, auth switched on
 * @param storageVersion as {@code 3.6.0}; absent below 3.6
 */
public record DatabaseContents(
    long consistentIndex, long keyVersions, long other, Optional<String> storageVersion) {

  private static final Bytes CONSISTENT_INDEX = Bytes.utf8("consistent_index");
  private static final Bytes STORAGE_VERSION = Bytes.utf8("storageVersion");
  private static final Bytes AUTH_ENABLED = Bytes.utf8("authEnabled");
  private static final int DELETE_MARKER_BYTES = 18;

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
    Map<String, Long> records = new HashMap<>();
    long deleteMarkers = 0;
    Optional<Bytes> index = Optional.empty();
    Optional<String> storageVersion = Optional.empty();
    boolean authEnabled = false;
    try (BucketCursor names = file.root().records()) {
      while (names.next()) {
        String name = names.key().utf8();
        Bucket bucket = names.bucket();
        long count = 0;
        try (BucketCursor cursor = bucket.records()) {
          while (cursor.next()) {
            count++;
            if (name.equals("key") && cursor.key().length() == DELETE_MARKER_BYTES) {
              deleteMarkers++;
            } else if (name.equals("meta") && cursor.key().equals(CONSISTENT_INDEX)) {
              index = Optional.of(cursor.value());
            } else if (name.equals("meta") && cursor.key().equals(STORAGE_VERSION)) {
              storageVersion = Optional.of(cursor.value().utf8());
            } else if (name.equals("auth") && cursor.key().equals(AUTH_ENABLED)) {
              authEnabled = cursor.value().equals(Bytes.wrap(new byte[] {1}));
            } else if (name.equals("meta") && cursor.key().utf8().endsWith("CompactRev")) {
              records.merge("compactions", 1L, Long::sum);
            }
          }
        }
        records.merge(name, count, Long::sum);
      }
    }
    long other = deleteMarkers + (authEnabled ? 1 : 0);
    for (String name : new String[] {"lease", "alarm", "authUsers", "authRoles", "compactions"}) {
      other += records.getOrDefault(name, 0L);
    }
    return new DatabaseContents(
        index
            .filter(value -> value.length() == Long.BYTES)
            .map(DatabaseContents::number)
            .orElse(0L),
        records.getOrDefault("key", 0L) - deleteMarkers,
        other,
        storageVersion);
  }

  private static long number(Bytes value) {
    return value.asByteBuffer().getLong();
  }

  /** Whether the v3 API was ever used to write into it. */
  public boolean hasV3() {
    return keyVersions > 0 || other > 0;
  }

  /** For messages. */
  public String text() {
    return keyVersions + " keys (with their old versions), " + other + " other records of v3";
  }
}
