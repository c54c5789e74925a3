// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.server.storage.engine.Cursor;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A walk over the pointers to older versions, one user key at a time. */
final class Pointers implements AutoCloseable {

  private final Cursor cursor;
  private @Nullable Bytes prefix;
  private Bytes userKey = Bytes.EMPTY;
  private Bytes revisionKey = Bytes.EMPTY;

  Pointers(Cursor cursor) {
    this.cursor = cursor;
    move();
  }

  boolean isAtAny() {
    return prefix != null;
  }

  boolean isBefore(Bytes key) {
    return prefix != null && userKey.compareTo(key) < 0;
  }

  boolean isAt(Bytes key) {
    return prefix != null && userKey.equals(key);
  }

  /**
   * Passes over all pointers of the present user key; of those not after main revision {@code at}
   * the last one's revision key.
   */
  Optional<Bytes> newestOfKey(long at) {
    Bytes best = null;
    Bytes present = prefix;
    while (present != null && Objects.equals(present, prefix)) {
      if (KeyspaceRecords.revision(revisionKey).main() <= at) {
        best = revisionKey;
      }
      move();
    }
    return Optional.ofNullable(best);
  }

  private void move() {
    if (!cursor.next()) {
      prefix = null;
      return;
    }
    Bytes pointer = cursor.key();
    Bytes present = prefix;
    if (present == null || !pointer.startsWith(present)) {
      present = pointer.slice(0, KeyspaceRecords.prefixLength(pointer));
      prefix = present;
      userKey = KeyspaceRecords.userKey(present);
    }
    revisionKey = pointer.slice(present.length(), pointer.length());
  }

  @Override
  public void close() {
    cursor.close();
  }
}
