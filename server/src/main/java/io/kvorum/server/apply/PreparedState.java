// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.base.Bytes;
import io.kvorum.server.consensus.StateForPeer;
import io.kvorum.server.storage.bolt.DatabaseLayout;
import io.kvorum.server.storage.engine.Snapshot;
import java.io.IOException;

/** A state for a peer: the tree written out, the database laid out over a snapshot of the store. */
record PreparedState(Bytes treeJson, DatabaseLayout database, Snapshot store)
    implements StateForPeer {

  @Override
  public long databaseBytes() {
    return database.bytes();
  }

  @Override
  public void writeDatabase(Target target) throws IOException {
    database.writeTo(target::write);
  }

  @Override
  public void close() {
    store.close();
  }
}
