// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.offline;

import io.kvorum.base.Bytes;
import io.kvorum.env.RealDisk;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.mvcc.KeyspaceImport;
import io.kvorum.server.storage.bolt.Bucket;
import io.kvorum.server.storage.bolt.BucketCursor;
import io.kvorum.server.storage.bolt.CorruptDatabase;
import io.kvorum.server.storage.bolt.DatabaseFile;
import io.kvorum.server.storage.engine.MemoryEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code hashkv} of a database file: what a member with this history would answer.
 *
 * @param compactRevision -1 when nothing was ever compacted
 */
public record SnapshotHash(int hash, long hashRevision, long compactRevision) {

  /**
   * Reads a file. Blocks; needs memory for the whole keyspace.
   *
   * @param revision up to where; 0 for all
   * @throws OfflineFailure when there is no such file, no such revision, or it is no database
   */
  public static SnapshotHash read(Path path, long revision) {
    if (!Files.exists(path)) {
      throw new OfflineFailure("stat " + path + ": no such file or directory");
    }
    try (DatabaseFile file = DatabaseFile.open(new RealDisk(), path);
        MemoryEngine engine = new MemoryEngine(Keyspace.tables())) {
      KeyspaceImport keys = new KeyspaceImport(engine);
      Optional<Bucket> records = file.bucket(Keyspace.RECORDS.name());
      if (records.isPresent()) {
        try (BucketCursor cursor = records.get().records()) {
          while (cursor.next()) {
            keys.add(cursor.key(), cursor.value());
          }
        }
      }
      keys.finish(
          mark(file, Keyspace.SCHEDULED_COMPACTION), mark(file, Keyspace.FINISHED_COMPACTION));
      return of(Keyspace.open(engine).read(view -> view.hash(revision)), path);
    } catch (CorruptDatabase damage) {
      throw new OfflineFailure(path + ": " + damage.getMessage(), damage);
    } catch (IOException | UncheckedIOException failure) {
      throw new OfflineFailure("can not read " + path + ": " + failure.getMessage(), failure);
    }
  }

  private static SnapshotHash of(Outcome outcome, Path path) {
    if (outcome instanceof Outcome.Keyspace(KeyspaceResult.Hash hash)) {
      return new SnapshotHash(hash.hash(), hash.hashRevision(), hash.compactRevision());
    }
    throw new OfflineFailure(path + ": the revision is compacted, or not there yet");
  }

  private static long mark(DatabaseFile file, Bytes name) {
    return file.bucket(Keyspace.META.name())
        .flatMap(meta -> meta.get(name))
        .filter(value -> value.length() >= Long.BYTES)
        .map(value -> value.asByteBuffer().getLong())
        .orElse(-1L);
  }
}
