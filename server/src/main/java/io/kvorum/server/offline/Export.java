// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.offline;

import io.kvorum.env.Disk;
import io.kvorum.env.RealDisk;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.storage.engine.EngineFailure;
import io.kvorum.server.storage.log.CorruptLog;
import io.kvorum.server.storage.log.LockedLog;
import io.kvorum.server.storage.log.LogFailure;
import io.kvorum.server.storage.log.LogLimits;
import io.kvorum.server.storage.log.WriteAheadLog;
import io.kvorum.server.storage.snapshot.SnapshotFailure;
import io.kvorum.server.storage.snapshot.SnapshotFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code etcdutl export}: a member's data directory as genuine etcd has it, for genuine etcd to go
 * on with as this very member.
 *
 * <pre>
 *   member/store/   state at p ──▶ member/snap/TERM-INDEX.snap  v2 tree, members
 *                             └──▶ member/snap/db               etcd's database, p in it
 *   member/wal/     after p    ──▶ member/wal/   the same ids: mark of p, the entries, the state
 * </pre>
 *
 * <p>The source is only read, and no member may be running on it: two members of one identity are
 * the end of a cluster. For the same reason only one of the two directories may ever be started.
 */
public final class Export {

  private final MemberFolders from;
  private final MemberFolders to;
  private final Disk disk = new RealDisk();

  private Export(MemberFolders from, MemberFolders to) {
    this.from = from;
    this.to = to;
  }

  /**
   * Writes the directory, durable when this returns. Blocks.
   *
   * @return the log index of the exported state; what the log holds behind it comes along too
   * @throws OfflineFailure when it can not be done; what was written by then is left
   */
  public static long make(MemberFolders from, MemberFolders to) {
    return new Export(from, to).run().index();
  }

  private LogPosition run() {
    requireFolders();
    Path scratch = to.wal().resolveSibling(to.wal().getFileName() + ".copying");
    try (Source source = Source.open(disk, from, scratch)) {
      return write(source);
    } catch (CorruptLog | EngineFailure | LogFailure | NoSuchState | SnapshotFailure failure) {
      throw new OfflineFailure(String.valueOf(failure.getMessage()), failure);
    } catch (IOException | UncheckedIOException failure) {
      throw new OfflineFailure("can not export: " + failure.getMessage(), failure);
    }
  }

  private void requireFolders() {
    if (!WriteAheadLog.exists(disk, from.wal())) {
      throw new OfflineFailure("there is no log (*.wal) in " + from.wal());
    }
    Path target = to.wal().getParent();
    if (target != null && Files.exists(target)) {
      throw new OfflineFailure(target + " exists: give a directory that is not there yet");
    }
    try {
      WriteAheadLog.marks(disk, from.wal());
    } catch (LockedLog locked) {
      throw new OfflineFailure("a member is running on " + from.wal() + ": stop it first", locked);
    } catch (CorruptLog | LogFailure failure) {
      throw new OfflineFailure(String.valueOf(failure.getMessage()), failure);
    }
  }

  private LogPosition write(Source source) throws IOException {
    Optional<SnapshotMetadata> start = source.snapshot();
    SnapshotFiles snapshots = new SnapshotFiles(disk, to.snap());
    start.ifPresent(at -> snapshots.save(at, source.state()));
    source.writeDatabase(disk, to.snap().resolve("db"));
    disk.syncDirectory(to.snap());
    try (WriteAheadLog log =
        WriteAheadLog.create(disk, to.wal(), source.identity(), LogLimits.DEFAULT)) {
      // The mark comes first: what follows it continues the snapshot.
      start.ifPresent(at -> log.markSnapshot(at.position(), at.confState()));
      source.entries(entry -> log.append(List.of(entry), Optional.empty()));
      HardState state = source.hardState();
      if (!state.equals(HardState.EMPTY)) {
        log.append(List.of(), Optional.of(state));
      }
      log.sync();
    }
    return start.map(SnapshotMetadata::position).orElse(LogPosition.ZERO);
  }
}
