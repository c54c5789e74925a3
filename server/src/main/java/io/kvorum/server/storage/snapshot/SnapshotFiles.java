// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.snapshot;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedProto;
import io.kvorum.env.Disk;
import io.kvorum.env.DiskFile;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.RaftWire;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.storage.bolt.CorruptDatabase;
import io.kvorum.server.storage.bolt.DatabaseFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code .snap} files of a directory and the {@code .snap.db} files beside them, as genuine
 * etcd writes and reads them.
 *
 * <p>A file is complete and durable before the log gets a mark of its position; so a file without a
 * mark may be an unfinished one, and the caller says which positions count ({@link #loadNewest}).
 *
 * <p>Not thread-safe, except {@link #receiveDatabase}. Source: recorded files of etcd 2.3.7 and
 * 3.4.23.
 */
public final class SnapshotFiles {

  private static final Logger log = LoggerFactory.getLogger(SnapshotFiles.class);

  private static final String TEMPORARY = "tmp";
  private static final String DATABASE = ".snap.db";
  private static final String GENUINE_DATABASE = "db";

  private final AtomicLong temporaries = new AtomicLong();
  private final Disk disk;
  private final Path directory;

  /**
   * The newest snapshot in {@code directory} whose position counts and that can be read. Changes
   * nothing: what can not be read is passed over where it is.
   */
  public static Optional<RaftWire.Snapshot> examine(
      Disk disk, Path directory, Predicate<LogPosition> counts) {
    try {
      if (disk.isDirectory(directory)) {
        for (SnapshotName name : SnapshotName.parseAll(disk.list(directory)).reversed()) {
          if (counts.test(name.position())) {
            try {
              return Optional.of(
                  SnapshotCodec.decode(content(disk, directory.resolve(name.toString()))));
            } catch (MalformedProto unreadable) {
              log.atWarn()
                  .addKeyValue("file", name)
                  .setCause(unreadable)
                  .log("a snapshot can not be read");
            }
          }
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new SnapshotFailure("can not read the snapshots in " + directory, e);
    }
  }

  /** {@code directory} is made when it is missing; what was received in part is deleted. */
  public SnapshotFiles(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
    try {
      disk.createDirectories(directory);
      for (String name : disk.list(directory)) {
        if (name.startsWith(TEMPORARY)) {
          disk.delete(directory.resolve(name));
        }
      }
    } catch (IOException e) {
      throw new SnapshotFailure("can not use " + directory, e);
    }
  }

  /**
   * Writes a snapshot, durable with its name when this returns. One at the same position is
   * replaced.
   */
  public void save(SnapshotMetadata metadata, Bytes data) {
    Path path = directory.resolve(new SnapshotName(metadata.position()).toString());
    Bytes content = SnapshotCodec.encode(new RaftWire.Snapshot(metadata, data));
    try {
      disk.delete(path);
      try (DiskFile file = disk.create(path)) {
        file.write(content.asByteBuffer(), 0);
        file.sync();
      } catch (IOException e) {
        disk.delete(path);
        throw e;
      }
      disk.syncDirectory(directory);
    } catch (IOException e) {
      throw new SnapshotFailure("can not write the snapshot " + path, e);
    }
  }

  /**
   * The newest snapshot whose position counts and that can be read. One that can not be read gets
   * the suffix {@code .broken} and is passed over.
   */
  public Optional<RaftWire.Snapshot> loadNewest(Predicate<LogPosition> counts) {
    try {
      for (SnapshotName name : names().reversed()) {
        if (counts.test(name.position())) {
          Optional<RaftWire.Snapshot> snapshot = load(name);
          if (snapshot.isPresent()) {
            return snapshot;
          }
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new SnapshotFailure("can not read the snapshots in " + directory, e);
    }
  }

  private Optional<RaftWire.Snapshot> load(SnapshotName name) throws IOException {
    Path path = directory.resolve(name.toString());
    try {
      return Optional.of(SnapshotCodec.decode(content(disk, path)));
    } catch (MalformedProto e) {
      Path broken = directory.resolve(name + ".broken");
      log.atWarn()
          .addKeyValue("file", path.toString())
          .addKeyValue("renamed-to", broken.toString())
          .setCause(e)
          .log("passed over a snapshot that can not be read");
      disk.rename(path, broken);
      return Optional.empty();
    }
  }

  private static Bytes content(Disk disk, Path path) throws IOException {
    try (DiskFile file = disk.open(path)) {
      ByteBuffer target = ByteBuffer.allocate(Math.toIntExact(file.size()));
      while (target.hasRemaining() && file.read(target, target.position()) >= 0) {
        continue;
      }
      return Bytes.wrap(target.array(), 0, target.position());
    }
  }

  /** A place for the database of a snapshot at {@code index} that is about to be received. */
  public IncomingDatabase receiveDatabase(long index) {
    return new IncomingDatabase(
        disk,
        directory.resolve(TEMPORARY + temporaries.incrementAndGet()),
        directory.resolve("%016x".formatted(index) + DATABASE));
  }

  /** The database that was received with the snapshot at {@code index}. */
  public Optional<DatabaseFile> openDatabase(long index) {
    return open(directory.resolve("%016x".formatted(index) + DATABASE));
  }

  /** The database of the genuine member whose directory this was. */
  public Optional<DatabaseFile> openGenuineDatabase() {
    return open(directory.resolve(GENUINE_DATABASE));
  }

  private Optional<DatabaseFile> open(Path path) {
    try {
      return disk.exists(path) ? Optional.of(DatabaseFile.open(disk, path)) : Optional.empty();
    } catch (CorruptDatabase damage) {
      throw new UnusableDatabase("damaged database: " + damage.getMessage(), damage);
    } catch (IOException failure) {
      throw new SnapshotFailure("can not read the database " + path, failure);
    }
  }

  /** Deletes what was received for snapshots up to {@code index}: they are installed, or void. */
  public void deleteDatabases(long index) {
    try {
      for (String name : disk.list(directory)) {
        if (name.endsWith(DATABASE) && name.compareTo("%016x".formatted(index) + DATABASE) <= 0) {
          disk.delete(directory.resolve(name));
        }
      }
    } catch (IOException e) {
      throw new SnapshotFailure("can not delete received databases in " + directory, e);
    }
  }

  /** Where there are snapshots, oldest first. */
  public List<LogPosition> positions() {
    try {
      return names().stream().map(SnapshotName::position).toList();
    } catch (IOException e) {
      throw new SnapshotFailure("can not list " + directory, e);
    }
  }

  /**
   * Deletes the oldest snapshots until at most {@code snapshotsMax} are left.
   *
   * @return how many were deleted
   */
  public int purge(int snapshotsMax) {
    try {
      List<SnapshotName> names = names();
      int surplus = Math.max(0, names.size() - snapshotsMax);
      for (SnapshotName name : names.subList(0, surplus)) {
        disk.delete(directory.resolve(name.toString()));
      }
      return surplus;
    } catch (IOException e) {
      throw new SnapshotFailure("can not delete old snapshots in " + directory, e);
    }
  }

  private List<SnapshotName> names() throws IOException {
    return SnapshotName.parseAll(disk.list(directory));
  }
}
