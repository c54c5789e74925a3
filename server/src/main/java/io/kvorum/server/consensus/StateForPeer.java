// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.base.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A whole state on its way to a peer, as of one position. It keeps old versions of the store alive,
 * so whoever holds it last closes it. Used by one thread at a time.
 */
public interface StateForPeer extends AutoCloseable {

  /** The v2 store JSON. */
  Bytes treeJson();

  /** The length of what {@link #writeDatabase} writes. */
  long databaseBytes();

  /** Writes etcd's database file. As slow as the target and the disk. */
  void writeDatabase(Target target) throws IOException;

  @Override
  void close();

  /** Takes bytes in order. */
  @FunctionalInterface
  interface Target {
    /** Takes all of {@code bytes}, which are the caller's again afterwards. May block. */
    void write(ByteBuffer bytes) throws IOException;
  }
}
