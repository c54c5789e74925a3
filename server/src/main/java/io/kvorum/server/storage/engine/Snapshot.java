// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

/** All tables as they were between two batches. Must be closed: it keeps old versions alive. */
public interface Snapshot extends View, AutoCloseable {

  @Override
  void close();
}
