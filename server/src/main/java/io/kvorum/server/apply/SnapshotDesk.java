// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.base.Bytes;
import io.kvorum.env.Clock;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.consensus.StateForPeer;
import io.kvorum.server.member.Membership;
import io.kvorum.server.storage.bolt.DatabaseLayout;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Snapshot;
import io.kvorum.server.storage.snapshot.DatabaseExport;
import io.kvorum.server.storage.snapshot.SnapshotFiles;
import io.kvorum.server.tree.TreeImage;
import io.kvorum.server.tree.TreeJson;
import io.kvorum.server.tree.TreeView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/**
 * Whole states in etcd's form: written from a view, installed in place of everything.
 *
 * <p>Installing is one batch and one flush, so a crash leaves the old state or the new one; until
 * the flush the received file is still there and is installed again at the next start.
 */
public final class SnapshotDesk {

  private final SnapshotFiles files;
  private final Clock clock;

  /**
   * @param clock for the {@code ttl} numbers in the history of a written state, which nobody reads
   *     back: not for anything that is applied
   */
  public SnapshotDesk(SnapshotFiles files, Clock clock) {
    this.files = files;
    this.clock = clock;
  }

  /**
   * A state as genuine members take it. Any thread.
   *
   * @param store of the same position as {@code view}; goes to the result, which closes it
   */
  StateForPeer write(TreeView view, Snapshot store, long index) {
    try {
      DatabaseLayout database = DatabaseExport.layout(store, Set.copyOf(Stores.tables()), index);
      return new PreparedState(json(view), database, store);
    } catch (RuntimeException failure) {
      store.close();
      throw failure;
    }
  }

  private Bytes json(TreeView view) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    try {
      TreeJson.write(view, bytes, clock.unixNanos());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Bytes.wrap(bytes.toByteArray());
  }

  private Bytes received(SnapshotMetadata snapshot) {
    return files
        .loadNewest(snapshot.position()::equals)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "snapshot " + snapshot.position() + ": its file is missing or unreadable"))
        .data();
  }

  /** Makes the received snapshot at this position the state of {@code stores}, durably. */
  public void install(SnapshotMetadata snapshot, Stores stores) {
    TreeImage image = TreeJson.read(new ByteArrayInputStream(received(snapshot).toArray()));
    Membership before = stores.members().current();
    Batch batch = new Batch();
    stores.tree().replaceAll(image, batch);
    stores
        .members()
        .replaceAll(MirrorReader.read(image, before.clusterId(), before.localId()), batch);
    StoreMeta.putConfiguration(snapshot.confState(), batch);
    StoreMeta.putPosition(snapshot.position(), batch);
    stores.engine().write(batch);
    stores.engine().flush();
    files.deleteDatabases(snapshot.position().index());
  }
}
