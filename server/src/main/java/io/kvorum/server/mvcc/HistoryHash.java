// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.View;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * etcd's HashKV: CRC-32C over the bytes {@code key} and the records of history, in order.
 *
 * <p>Problem: members remove compacted records at different times, and must have equal hashes at
 * any of them. Rule (recorded behaviour of etcd 3.4.23): at or below the compacted revision only
 * the versions count that are still the newest of their key at the hash's revision; if no key lives
 * there, those that a finished compaction leaves. A deletion counts only above it.
 *
 * <p>Idea: a version at or below the compacted revision that does not count was followed by another
 * one, which points to it through {@code old}. Followers at or below the last finished compaction
 * have nothing left behind them, so only those above are looked at.
 */
final class HistoryHash {

  private static final Bytes BUCKET = Bytes.utf8("key");

  private final View view;
  private final Versions versions;
  private final long upTo;
  private final long compacted;
  private final Set<Revision> left = new HashSet<>();

  HistoryHash(View view, long upTo, long compacted) {
    this.view = view;
    this.versions = new Versions(view);
    this.upTo = upTo;
    this.compacted = compacted;
  }

  int compute() {
    if (compacted > 0) {
      findLeft();
    }
    CRC32C crc = new CRC32C();
    crc.update(BUCKET.asByteBuffer());
    try (Cursor cursor = view.scan(KeyspaceRecords.KEY, KeyspaceRecords.revisions(0, upTo + 1))) {
      while (cursor.next()) {
        if (counts(cursor.key())) {
          crc.update(cursor.key().asByteBuffer());
          crc.update(cursor.value().asByteBuffer());
        }
      }
    }
    return (int) crc.getValue();
  }

  private boolean counts(Bytes revisionKey) {
    Revision revision = KeyspaceRecords.revision(revisionKey);
    return revision.main() > compacted
        || !(KeyspaceRecords.isDeletion(revisionKey) || left.contains(revision));
  }

  /** Collects what does not count though it is no deletion. */
  private void findLeft() {
    boolean anyLives = versions.any(KeyRange.ALL, upTo);
    long finished =
        KeyspaceRecords.compaction(
            view.get(KeyspaceRecords.META, KeyspaceRecords.FINISHED_COMPACTION));
    KeyRange followers = KeyspaceRecords.revisions(finished + 1, (anyLives ? upTo : compacted) + 1);
    try (Cursor cursor = view.scan(KeyspaceRecords.KEY, followers)) {
      while (cursor.next()) {
        KeyValue follower = KeyValue.read(cursor.value());
        if (follower.version() != 1) {
          Revision revision = KeyspaceRecords.revision(cursor.key());
          versions
              .before(follower.key(), revision)
              .map(KeyspaceRecords::revision)
              .filter(before -> before.main() <= compacted)
              .ifPresent(left::add);
        }
      }
    }
  }
}
