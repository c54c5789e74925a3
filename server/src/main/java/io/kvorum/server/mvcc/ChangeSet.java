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

  private final Versions versions;
  private final VersionWriter writer;
  private final long main;
  private final List<KeyEvent> events = new ArrayList<>(1);

  ChangeSet(Overlay overlay, Batch batch, long main) {
    this.versions = new Versions(overlay);
    this.writer = new VersionWriter(overlay, batch);
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
    return writer.bytes();
  }

  /** Makes a new version; returns the one before. What it asks for has been checked. */
  Optional<KeyValue> put(Put put) {
    Optional<Newest> before = versions.newest(put.key());
    Optional<KeyValue> old = before.map(Newest::kv);
    long created = old.map(KeyValue::createRevision).orElse(main);
    KeyValue kv =
        KeyValue.of(
            put.key(),
            created,
            main,
            old.map(KeyValue::version).orElse(0L) + 1,
            put.ignoreValue() ? old.map(KeyValue::value).orElse(Bytes.EMPTY) : put.value(),
            put.ignoreLease() ? old.map(KeyValue::lease).orElse(0L) : put.lease());
    writer.put(kv, events.size(), before);
    Optional<KeyValue> seen = created == main ? Optional.empty() : old.flatMap(this::beforeThisSet);
    events.add(new KeyEvent(KeyEvent.Kind.PUT, kv, seen));
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
      writer.delete(old.key(), new Revision(main, events.size()), Optional.of(newest));
      KeyValue gone = KeyValue.deleted(old.key(), main);
      events.add(new KeyEvent(KeyEvent.Kind.DELETE, gone, beforeThisSet(old)));
      deleted.add(old);
    }
    return deleted;
  }

  /**
   * What watchers see as the version before: the one that stood when the command began, also when
   * the command changes a key twice: etcd reads it at main - 1.
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
}
