// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.server.apply.SnapshotDesk;
import io.kvorum.server.request.CopyDatabase;
import io.kvorum.server.storage.bolt.DatabaseLayout;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Snapshot;
import java.io.IOException;

/** A store between two rounds of commands, as etcd's database file. */
final class StoreCopy implements CopyDatabase.Copy {
  private final Snapshot store;
  private final DatabaseLayout layout;

  private StoreCopy(Snapshot store, DatabaseLayout layout) {
    this.store = store;
    this.layout = layout;
  }

  static StoreCopy of(Engine engine) {
    Snapshot store = engine.snapshot();
    try {
      return new StoreCopy(store, SnapshotDesk.layout(store));
    } catch (RuntimeException failure) {
      store.close();
      throw failure;
    }
  }

  /** The hash over all of it. */
  static int hash(Engine engine) {
    try (Snapshot store = engine.snapshot()) {
      return SnapshotDesk.hash(store);
    }
  }

  @Override
  public long bytes() {
    return layout.bytes();
  }

  @Override
  public void writeTo(CopyDatabase.Target target) throws IOException {
    layout.writeTo(target::write);
  }

  @Override
  public void close() {
    store.close();
  }
}
