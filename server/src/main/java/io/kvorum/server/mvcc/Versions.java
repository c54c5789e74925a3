// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.mvcc.KeyspaceRecords.Newest;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds versions of keys, as of any revision that is not compacted.
 *
 * <p>Now is one walk over {@code cur}. The past is a walk over {@code cur} and {@code old} side by
 * side: what did not change since then stands in {@code cur}, the rest is found by its newest
 * pointer that is not after the revision.
 */
final class Versions {

  /** All there is to find, up to a bound, and how much there was. */
  record Found(List<KeyValue> versions, long count) {}

  /** For {@code at}: as of now. */
  static final long NOW = Long.MAX_VALUE;

  private final View view;

  Versions(View view) {
    this.view = view;
  }

  /** The newest version of {@code key}. */
  Optional<Newest> newest(Bytes key) {
    return view.get(KeyspaceRecords.CUR, key).map(KeyspaceRecords::newest);
  }

  /** The newest versions of all keys of {@code range}, in key order. */
  List<Newest> newest(KeyRange range) {
    List<Newest> found = new ArrayList<>();
    try (Cursor cursor = view.scan(KeyspaceRecords.CUR, range)) {
      while (cursor.next()) {
        found.add(KeyspaceRecords.newest(cursor.value()));
      }
    }
    return found;
  }

  /** The version of {@code key} as of main revision {@code at}. */
  Optional<KeyValue> get(Bytes key, long at) {
    Optional<KeyValue> newest = newest(key).map(Newest::kv);
    if (newest.isPresent() && newest.get().modRevision() <= at) {
      return newest;
    }
    return at == NOW ? Optional.empty() : before(key, new Revision(at + 1, 0)).flatMap(this::load);
  }

  /** The revision key of what was last done to {@code key} before {@code revision}, if stored. */
  Optional<Bytes> before(Bytes key, Revision revision) {
    KeyRange pointers = KeyspaceRecords.pointersBefore(key, revision);
    try (Cursor cursor = view.scan(KeyspaceRecords.OLD, pointers, View.Order.DESCENDING)) {
      return cursor.next()
          ? Optional.of(cursor.key().slice(pointers.from().length(), cursor.key().length()))
          : Optional.empty();
    }
  }

  /** The version that a revision key stands for; none when that is a deletion. */
  Optional<KeyValue> load(Bytes revisionKey) {
    return KeyspaceRecords.isDeletion(revisionKey)
        ? Optional.empty()
        : view.get(KeyspaceRecords.KEY, revisionKey).map(KeyValue::read);
  }

  /** Whether any key of {@code range} exists as of {@code at}. */
  boolean any(KeyRange range, long at) {
    Collector first = new Collector(1, true);
    walk(range, at, first);
    return first.count > 0;
  }

  /** The first {@code most} keys of {@code range} as of {@code at}, and how many there are. */
  Found find(KeyRange range, long at, long most) {
    Collector collector = new Collector(most, false);
    walk(range, at, collector);
    return new Found(collector.versions, collector.count);
  }

  private void walk(KeyRange range, long at, Collector collector) {
    if (at == NOW) {
      walkNow(range, collector);
    } else {
      walkThen(range, at, collector);
    }
  }

  private void walkNow(KeyRange range, Collector collector) {
    try (Cursor cursor = view.scan(KeyspaceRecords.CUR, range)) {
      while (collector.wantsMore() && cursor.next()) {
        if (collector.wantsVersions()) {
          collector.versions.add(KeyspaceRecords.newest(cursor.value()).kv());
        }
        collector.count++;
      }
    }
  }

  private void walkThen(KeyRange range, long at, Collector collector) {
    try (Cursor current = view.scan(KeyspaceRecords.CUR, range);
        Pointers old =
            new Pointers(view.scan(KeyspaceRecords.OLD, KeyspaceRecords.pointers(range)))) {
      while (collector.wantsMore() && current.next()) {
        KeyValue newest = KeyspaceRecords.newest(current.value()).kv();
        while (old.isBefore(newest.key())) {
          collectOld(old.newestOfKey(at), collector);
        }
        boolean hasOld = old.isAt(newest.key());
        if (newest.modRevision() <= at) {
          collector.add(newest);
          if (hasOld) {
            old.newestOfKey(at);
          }
        } else if (hasOld) {
          collectOld(old.newestOfKey(at), collector);
        }
      }
      while (collector.wantsMore() && old.isAtAny()) {
        collectOld(old.newestOfKey(at), collector);
      }
    }
  }

  private void collectOld(Optional<Bytes> revisionKey, Collector collector) {
    if (revisionKey.isPresent() && !KeyspaceRecords.isDeletion(revisionKey.get())) {
      if (collector.wantsVersions()) {
        collector.versions.add(load(revisionKey.get()).orElseThrow());
      }
      collector.count++;
    }
  }

  private static final class Collector {
    private final List<KeyValue> versions = new ArrayList<>();
    private final long most;
    private final boolean stopsThere;
    private long count;

    Collector(long most, boolean stopsThere) {
      this.most = most;
      this.stopsThere = stopsThere;
    }

    boolean wantsMore() {
      return !stopsThere || count < most;
    }

    boolean wantsVersions() {
      return versions.size() < most;
    }

    void add(KeyValue version) {
      if (wantsVersions()) {
        versions.add(version);
      }
      count++;
    }
  }
}
