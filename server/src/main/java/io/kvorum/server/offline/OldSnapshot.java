// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.offline;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedJson;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.StorePath;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.tree.TreeJson;
import io.kvorum.server.tree.TreeStore;
import io.kvorum.server.tree.TreeView;
import java.io.InputStream;
import java.util.List;

/** The keys of a cluster of etcd 0.4, from the JSON that its members wrote their store as. */
public final class OldSnapshot {

  private final TreeView view;

  private OldSnapshot(TreeView view) {
    this.view = view;
  }

  /** Throws {@link OfflineFailure} when it is not such a text. */
  public static OldSnapshot read(InputStream source) {
    MemoryEngine engine = new MemoryEngine(List.of(TreeStore.TABLE));
    TreeStore store = TreeStore.open(engine);
    try {
      store.replaceAll(TreeJson.read(source), new Batch());
    } catch (MalformedJson malformed) {
      throw new OfflineFailure(String.valueOf(malformed.getMessage()), malformed);
    }
    store.publish();
    return new OldSnapshot(store.view());
  }

  /**
   * A node with all below it but what is hidden there.
   *
   * @throws OfflineFailure when there is none, in the words of the keys API
   */
  public NodeView node(String path) {
    if (view.get(StorePath.clean(Bytes.utf8(path)), true, true)
        instanceof Outcome.TreeChanged(var event)) {
      return event.node();
    }
    throw new OfflineFailure("100: Key not found (" + path + ") [" + view.index() + "]");
  }
}
