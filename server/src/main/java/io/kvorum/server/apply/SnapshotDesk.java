// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.base.Bytes;
import io.kvorum.env.Clock;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.consensus.StateForPeer;
import io.kvorum.server.member.Membership;
import io.kvorum.server.storage.bolt.DatabaseFile;
import io.kvorum.server.storage.bolt.DatabaseLayout;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Snapshot;
import io.kvorum.server.storage.engine.Table;
import io.kvorum.server.storage.engine.View;
import io.kvorum.server.storage.snapshot.DatabaseExport;
import io.kvorum.server.storage.snapshot.SnapshotFiles;
import io.kvorum.server.tree.TreeImage;
import io.kvorum.server.tree.TreeJson;
import io.kvorum.server.tree.TreeView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;

/**
 * Whole states in etcd's form: written from a view, installed in place of everything.
 *
 * <p>Installing first writes down that it has begun, then replaces everything in pieces, and says
 * with the last one that it is done and where the state stands. A crash therefore leaves the old
 * state, the new one, or one that a start knows to be unfinished; the received files are there
 * until all of it is durable, and are installed again then. Readers have the old state until the
 * end.
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
  StateForPeer write(TreeView view, Snapshot store) {
    try {
      return new PreparedState(json(view), layout(store), store);
    } catch (RuntimeException failure) {
      store.close();
      throw failure;
    }
  }

  /** etcd's database file of what {@code store} holds; both must stay until it is written. */
  public static DatabaseLayout layout(View store) {
    return layout(store, Set.copyOf(Stores.tables()));
  }

  /** The same of a store that has only {@code tables}. */
  public static DatabaseLayout layout(View store, Set<Table> tables) {
    return DatabaseExport.layout(store, tables, StoreMeta.reflected(store));
  }

  /** The hash over all that such a file would hold. Reads everything. */
  public static int hash(View store) {
    return DatabaseExport.hash(store, Set.copyOf(Stores.tables()), StoreMeta.reflected(store));
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
    LogPosition position = snapshot.position();
    TreeImage image = TreeJson.read(new ByteArrayInputStream(received(snapshot).toArray()));
    Batch batch = new Batch();
    long v3Index = installDatabase(position, stores.engine());
    if (v3Index > position.index()) {
      StoreMeta.putV3Index(v3Index, batch);
    } else {
      StoreMeta.deleteV3Index(batch);
    }
    Membership before = stores.members().current();
    stores.tree().replaceAll(image, batch);
    stores
        .members()
        .replaceAll(MirrorReader.read(image, before.clusterId(), before.localId()), batch);
    StoreMeta.putConfiguration(snapshot.confState(), batch);
    StoreMeta.putPosition(position, batch);
    StoreMeta.endInstalling(batch);
    stores.engine().write(batch);
    stores.engine().flush();
    stores.reload();
    files.deleteDatabases(position.index());
  }

  /** Returns the log index that the data of the v3 API reflect. */
  private long installDatabase(LogPosition position, Engine engine) {
    try (DatabaseInstall install = DatabaseInstall.of(database(position, engine))) {
      Batch batch = new Batch();
      StoreMeta.beginInstalling(position, batch);
      install.clear(batch);
      engine.write(batch);
      return install.fill(engine);
    }
  }

  /**
   * A genuine member whose directory this was had its database under another name, one of 2.3 none.
   */
  private Optional<DatabaseFile> database(LogPosition position, Engine engine) {
    Optional<DatabaseFile> received = files.openDatabase(position.index());
    if (received.isEmpty() && StoreMeta.position(engine).index() > 0) {
      throw new IllegalStateException("snapshot " + position + ": its database is missing");
    }
    return received.or(files::openGenuineDatabase);
  }
}
