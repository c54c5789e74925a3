// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.mvcc.KeyspaceRecords.Newest;
import io.kvorum.server.storage.engine.Batch;
import java.util.Optional;

/** Keeps the tables in step: what one more version, or a deletion, changes in each of them. */
final class VersionWriter {

  private final Overlay overlay;
  private final Batch batch;
  private long bytes;

  VersionWriter(Overlay overlay, Batch batch) {
    this.overlay = overlay;
    this.batch = batch;
  }

  /** By how much the history's records have grown. */
  long bytes() {
    return bytes;
  }

  /** {@code kv} is the newest version from now on, instead of {@code before}. */
  void put(KeyValue kv, long sub, Optional<Newest> before) {
    store(KeyspaceRecords.revisionKey(kv.modRevision(), sub), kv.encoded());
    overlay.put(KeyspaceRecords.CUR, kv.key(), KeyspaceRecords.newest(kv, sub), batch);
    before.ifPresent(this::supersede);
    reattach(kv.key(), before.map(old -> old.kv().lease()).orElse(0L), kv.lease());
  }

  /** There is no version of {@code key} from now on. */
  void delete(Bytes key, Revision revision, Optional<Newest> before) {
    Bytes deletion = KeyspaceRecords.deletionKey(revision);
    Bytes record = KeyspaceRecords.deletion(key);
    store(deletion, record);
    point(key, deletion, record.length());
    if (before.isPresent()) {
      overlay.delete(KeyspaceRecords.CUR, key, batch);
      supersede(before.get());
      reattach(key, before.get().kv().lease(), 0);
    }
  }

  /** A record of history that is no version of any key. */
  void store(Bytes revisionKey, Bytes record) {
    overlay.put(KeyspaceRecords.KEY, revisionKey, record, batch);
    bytes += revisionKey.length() + record.length();
  }

  private void supersede(Newest newest) {
    KeyValue old = newest.kv();
    point(old.key(), KeyspaceRecords.revisionKey(newest.revision()), old.encoded().length());
  }

  private void point(Bytes key, Bytes revisionKey, int recordBytes) {
    overlay.put(
        KeyspaceRecords.OLD,
        KeyspaceRecords.pointer(key, revisionKey),
        KeyspaceRecords.size(recordBytes),
        batch);
  }

  private void reattach(Bytes key, long from, long to) {
    if (from == to) {
      return;
    }
    if (from != 0) {
      overlay.delete(KeyspaceRecords.ATTACHED, KeyspaceRecords.attachment(from, key), batch);
    }
    if (to != 0) {
      overlay.put(
          KeyspaceRecords.ATTACHED, KeyspaceRecords.attachment(to, key), Bytes.EMPTY, batch);
    }
  }
}
