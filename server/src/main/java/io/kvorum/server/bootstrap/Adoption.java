// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.env.Disk;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.RaftWire;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.command.UnreadableEntry;
import io.kvorum.server.command.V3NotSupported;
import io.kvorum.server.storage.log.Opened;
import io.kvorum.server.storage.log.SnapshotMark;
import io.kvorum.server.storage.log.WriteAheadLog;
import io.kvorum.server.storage.snapshot.DatabaseContents;
import io.kvorum.server.storage.snapshot.SnapshotFiles;
import io.kvorum.server.storage.snapshot.UnusableDatabase;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data directory that has a log but no store of ours: a genuine member left it, or this member's
 * own store is gone. What it holds is looked at, all of it, before a byte is changed.
 *
 * <pre>
 *   member/snap/db                etcd's database      v3 data, often further than the snapshot
 *   member/snap/TERM-INDEX.snap   v2 tree, members     the newest one that the log marks, committed
 *   member/wal/                   the log              what follows the snapshot
 * </pre>
 *
 * <p>Going on then only adds {@code member/store/} and to the log (docs/compatibility.md, "Data
 * directories").
 */
final class Adoption {

  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  private final Disk disk;
  private final DataDir dir;

  private Adoption(Storage.Place place) {
    disk = place.disk();
    dir = place.dir();
  }

  /**
   * The snapshot to begin with; empty when the log begins at the beginning.
   *
   * @throws StartFailure when the directory can not be gone on with; nothing was changed
   */
  static Optional<SnapshotMetadata> examine(Storage.Place place) {
    return new Adoption(place).examine();
  }

  private Optional<SnapshotMetadata> examine() {
    Optional<RaftWire.Snapshot> snapshot = newestSnapshot();
    LogPosition position =
        snapshot.map(found -> found.metadata().position()).orElse(LogPosition.ZERO);
    Path received = dir.snap().resolve("%016x.snap.db".formatted(position.index()));
    Path database = disk.exists(received) ? received : dir.snap().resolve("db");
    requireUsable(database, position.index());
    Opened opened = WriteAheadLog.examine(disk, dir.wal(), position);
    try {
      requireKnownCommands(opened.log(), position);
    } finally {
      opened.log().close();
    }
    if (snapshot.isPresent()) {
      LOG.atInfo()
          .addKeyValue("snapshot", position)
          .addKeyValue("log-last-index", opened.log().lastIndex())
          .log("taking over a data directory that has no store");
    }
    return snapshot.map(RaftWire.Snapshot::metadata);
  }

  /** One that the log marks, and that was committed when the log ended. */
  private Optional<RaftWire.Snapshot> newestSnapshot() {
    Set<LogPosition> marked = new TreeSet<>();
    for (SnapshotMark mark : WriteAheadLog.marks(disk, dir.wal())) {
      marked.add(mark.position());
    }
    while (true) {
      Optional<RaftWire.Snapshot> found = SnapshotFiles.examine(disk, dir.snap(), marked::contains);
      if (found.isEmpty() || isCommitted(found.get().metadata().position())) {
        return found;
      }
      marked.remove(found.get().metadata().position());
    }
  }

  private boolean isCommitted(LogPosition position) {
    Opened opened = WriteAheadLog.examine(disk, dir.wal(), position);
    opened.log().close();
    return opened.hardState().commit() >= position.index();
  }

  /** A log that begins at the beginning needs no database: all of it is applied again. */
  private void requireUsable(Path database, long snapshotIndex) {
    if (!disk.exists(database)) {
      return;
    }
    DatabaseContents contents;
    try {
      contents = DatabaseContents.read(disk, database);
    } catch (UnusableDatabase damage) {
      throw new StartFailure(
          "can not read %s: %s".formatted(database, damage.getMessage()),
          "restore this member from a backup, or remove it from its cluster and add it again");
    }
    if (contents.storageVersion().isPresent()) {
      throw new StartFailure(
          "%s was written by etcd %s: only directories of etcd up to 3.5 can be taken over"
              .formatted(database, contents.storageVersion().get()));
    }
    if (contents.count("key") > 0 && contents.consistentIndex() < snapshotIndex) {
      throw new StartFailure(
          "%s reflects the log up to %d, the snapshot beside it up to %d"
              .formatted(database, contents.consistentIndex(), snapshotIndex),
          "restore this member from a backup, or remove it from its cluster and add it again");
    }
  }

  private static void requireKnownCommands(WriteAheadLog log, LogPosition from) {
    log.replay(
        from,
        entry -> {
          try {
            EntryCodec.decode(entry);
          } catch (V3NotSupported unknown) {
            throw refusal(unknown.getMessage());
          } catch (UnreadableEntry unreadable) {
            throw new StartFailure(String.valueOf(unreadable.getMessage()));
          }
        });
  }

  private static StartFailure refusal(@Nullable String reason) {
    return new StartFailure(
        String.valueOf(reason),
        "nothing was changed: genuine etcd can go on with this data directory");
  }
}
