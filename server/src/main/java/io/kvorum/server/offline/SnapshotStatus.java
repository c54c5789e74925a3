// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.offline;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.env.RealDisk;
import io.kvorum.server.storage.bolt.BucketCursor;
import io.kvorum.server.storage.bolt.CorruptDatabase;
import io.kvorum.server.storage.bolt.DatabaseFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * What a database file holds, found by walking over all of it.
 *
 * @param hash CRC-32C over the name of each bucket and all its records, in order
 * @param revision of the newest record of the keyspace, 0 without one
 * @param records how many there are in all buckets
 * @param keys how many keys live
 * @param bytes the length of the database, without the digest behind it
 * @param storageVersion empty below 3.6
 */
public record SnapshotStatus(
    int hash, long revision, long records, long keys, long bytes, String storageVersion) {

  private static final Bytes STORAGE_VERSION = Bytes.utf8("storageVersion");
  private static final int DELETE_MARKER_BYTES = 18;

  /**
   * Reads a file. Blocks; needs memory for all its living keys.
   *
   * @throws OfflineFailure when there is no such file, or it is no database
   */
  public static SnapshotStatus read(Path path) {
    if (!Files.exists(path)) {
      throw new OfflineFailure("stat " + path + ": no such file or directory");
    }
    try (DatabaseFile file = DatabaseFile.open(new RealDisk(), path)) {
      return new Walk().over(file);
    } catch (CorruptDatabase damage) {
      throw new OfflineFailure(path + ": " + damage.getMessage(), damage);
    } catch (IOException | UncheckedIOException failure) {
      throw new OfflineFailure("can not read " + path + ": " + failure.getMessage(), failure);
    }
  }

  private static final class Walk {
    private final CRC32C crc = new CRC32C();
    private final Set<Bytes> living = new HashSet<>();
    private long records;
    private long revision;
    private String storageVersion = "";

    SnapshotStatus over(DatabaseFile file) {
      try (BucketCursor buckets = file.root().records()) {
        while (buckets.next()) {
          String name = buckets.key().utf8();
          crc.update(buckets.key().asByteBuffer());
          try (BucketCursor cursor = buckets.bucket().records()) {
            while (cursor.next()) {
              record(name, cursor.key(), cursor.value());
            }
          }
        }
      }
      return new SnapshotStatus(
          (int) crc.getValue(), revision, records, living.size(), file.pageBytes(), storageVersion);
    }

    private void record(String bucket, Bytes key, Bytes value) {
      records++;
      crc.update(key.asByteBuffer());
      crc.update(value.asByteBuffer());
      if (bucket.equals("key")) {
        revision = key.asByteBuffer().getLong();
        Bytes user = userKey(value).compact();
        if (key.length() == DELETE_MARKER_BYTES) {
          living.remove(user);
        } else {
          living.add(user);
        }
      } else if (bucket.equals("meta") && key.equals(STORAGE_VERSION)) {
        storageVersion = value.utf8();
      }
    }

    private static Bytes userKey(Bytes record) {
      ProtoReader in = new ProtoReader("KeyValue", record);
      for (int field = in.next(); field != 0; field = in.next()) {
        if (field == 1) {
          return in.bytes();
        }
        in.skip();
      }
      return Bytes.EMPTY;
    }
  }
}
