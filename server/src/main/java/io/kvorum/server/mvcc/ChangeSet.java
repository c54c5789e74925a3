// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.mvcc.KeyspaceRecords.Newest;
import io.kvorum.server.storage.engine.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The changes of one command: all have one main revision, and are numbered within it. Owned by the
 * apply thread.
 */
final class ChangeSet {

  private final Overlay overlay;
  private final Versions versions;
  private final Batch batch;
  private final long main;
  private final List<KeyEvent> events = new ArrayList<>();
  private long bytes;

  ChangeSet(Overlay overlay, Batch batch, long main) {
    this.overlay = overlay;
    this.versions = new Versions(overlay);
    this.batch = batch;
    this.main = main;
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  List<KeyEvent> events() {
    return events;
  }

  /** By how much the history's records have grown. */
  long bytes() {
    return bytes;
  }

  /** Makes a new version; returns the one before. What it asks for has been checked. */
  Optional<KeyValue> put(Put put) {
    Optional<Newest> before = versions.newest(put.key());
    Optional<KeyValue> old = before.map(Newest::kv);
    KeyValue kv =
        KeyValue.of(
            put.key(),
            old.map(KeyValue::createRevision).orElse(main),
            main,
            old.map(KeyValue::version).orElse(0L) + 1,
            put.ignoreValue() ? old.map(KeyValue::value).orElse(Bytes.EMPTY) : put.value(),
            put.ignoreLease() ? old.map(KeyValue::lease).orElse(0L) : put.lease());
    Revision revision = new Revision(main, events.size());
    store(KeyspaceRecords.revisionKey(revision), kv.encoded());
    overlay.put(KeyspaceRecords.CUR, put.key(), KeyspaceRecords.newest(kv, revision.sub()), batch);
    before.ifPresent(this::supersede);
    reattach(put.key(), old.map(KeyValue::lease).orElse(0L), kv.lease());
    boolean created = kv.createRevision() == main;
    events.add(
        new KeyEvent(
            KeyEvent.Kind.PUT, kv, created ? Optional.empty() : old.flatMap(this::beforeThisSet)));
    return old;
  }

  /** Deletes what there is in {@code range}; returns it. */
  List<KeyValue> delete(KeyRange range) {
    return delete(versions.newest(range));
  }

  /** Deletes {@code key} if it exists; returns what was there. */
  List<KeyValue> delete(Bytes key) {
    return delete(versions.newest(key).stream().toList());
  }

  private List<KeyValue> delete(List<Newest> found) {
    List<KeyValue> deleted = new ArrayList<>(found.size());
    for (Newest newest : found) {
      KeyValue old = newest.kv();
      Revision revision = new Revision(main, events.size());
      Bytes deletion = KeyspaceRecords.deletionKey(revision);
      Bytes record = KeyspaceRecords.deletion(old.key());
      store(deletion, record);
      overlay.delete(KeyspaceRecords.CUR, old.key(), batch);
      supersede(newest);
      point(old.key(), deletion, record.length());
      reattach(old.key(), old.lease(), 0);
      events.add(
          new KeyEvent(
              KeyEvent.Kind.DELETE, KeyValue.deleted(old.key(), main), beforeThisSet(old)));
      deleted.add(old);
    }
    return deleted;
  }

  /**
   * What watchers see as the version before: the one that stood when the command began, also when
   * the command changes a key twice (recorded behaviour of etcd 3.4.23: it reads at main - 1).
   */
  private Optional<KeyValue> beforeThisSet(KeyValue old) {
    if (old.modRevision() != main) {
      return Optional.of(old);
    }
    for (KeyEvent event : events) {
      if (event.kv().key().equals(old.key())) {
        return event.previous();
      }
    }
    throw new IllegalStateException("keyspace: no change of " + old + " in its own change set");
  }

  private void store(Bytes revisionKey, Bytes record) {
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
