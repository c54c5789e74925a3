// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

import io.kvorum.base.Bytes;

/**
 * Stands before the first record of a scan until {@link #next} moves it. Owned by one thread at a
 * time; must be closed.
 */
public interface Cursor extends AutoCloseable {

  /** Moves to the next record; false when there is none, and from then on. */
  boolean next();

  /** The present key; the caller owns the bytes. Only after {@link #next} returned true. */
  Bytes key();

  /** The present value; the caller owns the bytes. Only after {@link #next} returned true. */
  Bytes value();

  @Override
  void close();
}
