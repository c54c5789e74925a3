// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import java.util.Optional;

/** Something that can be read: an engine as it is now, or a snapshot of it. Any thread. */
public interface View {

  /** The value of {@code key}; the caller owns the bytes. */
  Optional<Bytes> get(Table table, Bytes key);

  /**
   * Walks over {@code range} in {@code order}, as of now: later writes are not seen. Close it: it
   * keeps old versions alive.
   */
  Cursor scan(Table table, KeyRange range, Order order);

  /** {@link #scan(Table, KeyRange, Order)} from the smallest key on. */
  default Cursor scan(Table table, KeyRange range) {
    return scan(table, range, Order.ASCENDING);
  }

  /** Which way a cursor walks. */
  enum Order {
    ASCENDING,
    DESCENDING
  }
}
