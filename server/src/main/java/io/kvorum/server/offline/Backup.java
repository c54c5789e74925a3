// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.offline;

import io.kvorum.base.Bytes;
import io.kvorum.env.Disk;
import io.kvorum.env.RealDisk;
import io.kvorum.raft.HardState;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.storage.engine.EngineFailure;
import io.kvorum.server.storage.log.CorruptLog;
import io.kvorum.server.storage.log.LogFailure;
import io.kvorum.server.storage.log.LogIdentity;
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
import java.util.random.RandomGenerator;

/**
 * {@code etcdctl backup}: what a member holds, as a data directory of nobody's.
 *
 * <pre>
 *   member/store/   state at p ──▶ member/snap/ etcd's snapshot of p, and its database
 *   member/wal/     after p    ──▶ member/wal/  a log of new ids: mark of p, the entries, the state
 * </pre>
 *
 * <p>A genuine directory has no store; the newest snapshot that its log marks takes its place. The
 * ids are new, so that what is started from the backup can never be taken for the member it came
 * from; {@code --force-new-cluster} makes a cluster of it. The source is only read, and a member
 * may be running on it: what it changes meanwhile can make an attempt fail, and then there is
 * another one.
 *
 * <p>Source: recorded behaviour of etcd 2.3.7, whose directories ours are.
 */
public final class Backup {

  private static final int ATTEMPTS = 5;

  private final MemberFolders from;
  private final MemberFolders to;
  private final RandomGenerator random;
  private final Disk disk = new RealDisk();

  private Backup(MemberFolders from, MemberFolders to, RandomGenerator random) {
    this.from = from;
    this.to = to;
    this.random = random;
  }

  /**
   * Makes a backup, durable when this returns. Blocks.
   *
   * @param random the new ids come from it
   * @throws OfflineFailure in etcdctl's words where it has some; what was written by then is left
   */
  public static void make(MemberFolders from, MemberFolders to, RandomGenerator random) {
    new Backup(from, to, random).run();
  }

  private void run() {
    requireFolders();
    for (int attempt = 1; ; attempt++) {
      try (Source source = Source.open(disk, from, scratch())) {
        write(source);
        return;
      } catch (CorruptLog | EngineFailure | LogFailure | NoSuchState moved) {
        if (attempt == ATTEMPTS) {
          throw new OfflineFailure(String.valueOf(moved.getMessage()), moved);
        }
      } catch (SnapshotFailure failure) {
        throw new OfflineFailure(String.valueOf(failure.getMessage()), failure);
      } catch (IOException | UncheckedIOException failure) {
        throw new OfflineFailure("can not make the backup: " + failure.getMessage(), failure);
      }
    }
  }

  /** Before anything is written, and in the order in which etcdctl looks. */
  private void requireFolders() {
    if (!Files.isDirectory(from.snap()) && !from.snap().equals(to.snap())) {
      throw new OfflineFailure("open " + from.snap() + ": no such file or directory");
    }
    if (!Files.isDirectory(from.wal())) {
      throw new OfflineFailure("open " + from.wal() + ": no such file or directory");
    }
    if (!WriteAheadLog.exists(disk, from.wal())) {
      throw new OfflineFailure("wal: file not found: " + from.wal());
    }
    if (WriteAheadLog.exists(disk, to.wal())) {
      throw new OfflineFailure("file already exists: there is a log in " + to.wal());
    }
  }

  private Path scratch() {
    return to.wal().resolveSibling(to.wal().getFileName() + ".copying");
  }

  private void write(Source source) throws IOException {
    SnapshotFiles snapshots = new SnapshotFiles(disk, to.snap());
    Optional<SnapshotMetadata> start = source.snapshot();
    if (start.isPresent()) {
      Bytes state = source.state();
      snapshots.save(start.get(), state);
      source.writeDatabase(disk, to.snap().resolve("db"));
      disk.syncDirectory(to.snap());
    }
    try (WriteAheadLog log =
        WriteAheadLog.create(
            disk, to.wal(), new LogIdentity(newId(), newId()), LogLimits.DEFAULT)) {
      // The mark comes first: what follows it continues the snapshot.
      start.ifPresent(at -> log.markSnapshot(at.position(), at.confState()));
      source.entries(entry -> log.append(List.of(entry), Optional.empty()));
      HardState state = source.hardState();
      if (!state.equals(HardState.EMPTY)) {
        log.append(List.of(), Optional.of(state));
      }
      log.sync();
    }
  }

  /** Not 0, which means nobody. */
  private long newId() {
    return random.nextLong() | 1;
  }
}
