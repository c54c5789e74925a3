// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.base.Bytes;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.View.Order;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Walks over stored records and changes of them at once; an empty change hides a record. */
final class MergedCursor implements Cursor {

  private final Cursor stored;
  private final Iterator<Map.Entry<Bytes, Optional<Bytes>>> changes;
  private final int sign;
  private @Nullable Bytes storedKey;
  private Map.@Nullable Entry<Bytes, Optional<Bytes>> change;
  private @Nullable Bytes key;
  private @Nullable Bytes changedValue;
  private boolean started;

  MergedCursor(Cursor stored, NavigableMap<Bytes, Optional<Bytes>> changes, Order order) {
    this.stored = stored;
    this.changes = changes.entrySet().iterator();
    this.sign = order == Order.ASCENDING ? 1 : -1;
  }

  @Override
  public boolean next() {
    if (!started) {
      started = true;
      moveStored();
      moveChange();
    } else if (key != null && changedValue == null) {
      moveStored();
    }
    while (true) {
      Bytes left = storedKey;
      Map.Entry<Bytes, Optional<Bytes>> right = change;
      int order = compare(left, right);
      if (order < 0 || right == null) {
        key = left;
        changedValue = null;
        return left != null;
      }
      if (order == 0) {
        moveStored();
      }
      moveChange();
      if (right.getValue().isPresent()) {
        key = right.getKey();
        changedValue = right.getValue().get();
        return true;
      }
    }
  }

  private int compare(@Nullable Bytes left, Map.@Nullable Entry<Bytes, Optional<Bytes>> right) {
    if (left == null || right == null) {
      return left == null ? 1 : -1;
    }
    return sign * left.compareTo(right.getKey());
  }

  private void moveStored() {
    storedKey = stored.next() ? stored.key() : null;
  }

  private void moveChange() {
    change = changes.hasNext() ? changes.next() : null;
  }

  @Override
  public Bytes key() {
    if (key == null) {
      throw new IllegalStateException("the cursor stands on no record");
    }
    return key;
  }

  @Override
  public Bytes value() {
    if (key == null) {
      throw new IllegalStateException("the cursor stands on no record");
    }
    return changedValue != null ? changedValue : stored.value();
  }

  @Override
  public void close() {
    stored.close();
  }
}
