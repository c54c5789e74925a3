// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Table;

/**
 * Fills the empty tables of an engine from etcd's own records: the bucket {@code key}, in its
 * order, and the two marks of compaction. Writes in pieces of bounded size, so the engine must not
 * be in use: a keyspace opens it, or {@link Keyspace#reload reloads}, after {@link #finish}.
 */
public final class KeyspaceImport {

  private static final int RECORDS_PER_BATCH = 1000;

  private final Engine engine;
  private final Overlay overlay;
  private final Versions versions;
  private Batch batch = new Batch();
  private VersionWriter writer;
  private long revision = 1;
  private long bytes;
  private int records;

  /** Empties the tables, for an import to begin with. */
  public static void clear(Batch batch) {
    for (Table table : KeyspaceRecords.TABLES) {
      if (!table.equals(KeyspaceRecords.META)) {
        batch.deleteRange(table, KeyRange.ALL);
      }
    }
    batch
        .delete(KeyspaceRecords.META, KeyspaceRecords.SCHEDULED_COMPACTION)
        .delete(KeyspaceRecords.META, KeyspaceRecords.FINISHED_COMPACTION)
        .delete(KeyspaceRecords.META, KeyspaceRecords.COMPACTION_PROGRESS)
        .delete(KeyspaceRecords.META, KeyspaceRecords.SIZE);
  }

  public KeyspaceImport(Engine engine) {
    this.engine = engine;
    overlay = new Overlay(engine);
    versions = new Versions(overlay);
    writer = new VersionWriter(overlay, batch);
  }

  /**
   * Adds a record of the bucket {@code key}; it must lie behind the one before.
   *
   * @throws IllegalArgumentException for a key that is no revision
   * @throws io.kvorum.base.MalformedProto for a value that is no KeyValue
   */
  public void add(Bytes revisionKey, Bytes record) {
    if (revisionKey.length() != 17 && revisionKey.length() != 18) {
      throw new IllegalArgumentException(
          "revision " + revisionKey.hex() + ": expected 17 or 18 bytes");
    }
    Revision at = KeyspaceRecords.revision(revisionKey);
    revision = at.main();
    KeyValue kv = KeyValue.read(record);
    if (kv.key().isEmpty()) {
      writer.store(revisionKey, record); // a restored member marks a leap of its revision so
    } else if (KeyspaceRecords.isDeletion(revisionKey)) {
      writer.delete(kv.key(), at, versions.newest(kv.key()));
    } else {
      writer.put(kv, at.sub(), versions.newest(kv.key()));
    }
    if (++records % RECORDS_PER_BATCH == 0) {
      write();
    }
  }

  /**
   * Writes the rest.
   *
   * @param scheduled etcd's {@code scheduledCompactRev}, a main revision; -1 for none
   * @param finished etcd's {@code finishedCompactRev}, a main revision; -1 for none
   */
  public void finish(long scheduled, long finished) {
    mark(KeyspaceRecords.SCHEDULED_COMPACTION, scheduled);
    mark(KeyspaceRecords.FINISHED_COMPACTION, finished);
    bytes += writer.bytes();
    writer = new VersionWriter(overlay, batch);
    batch.put(
        KeyspaceRecords.META,
        KeyspaceRecords.SIZE,
        KeyspaceRecords.number(revision).concat(KeyspaceRecords.number(bytes)));
    write();
  }

  private void mark(Bytes name, long compaction) {
    if (compaction >= 0) {
      batch.put(KeyspaceRecords.META, name, KeyspaceRecords.revisionKey(compaction, 0));
    }
  }

  private void write() {
    bytes += writer.bytes();
    engine.write(batch);
    overlay.clear();
    batch = new Batch();
    writer = new VersionWriter(overlay, batch);
  }
}
