// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.offline;

import io.kvorum.base.Bytes;
import io.kvorum.env.Disk;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.RaftWire;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.apply.StoreMeta;
import io.kvorum.server.storage.engine.RocksEngine;
import io.kvorum.server.storage.log.LogIdentity;
import io.kvorum.server.storage.log.Opened;
import io.kvorum.server.storage.log.SnapshotMark;
import io.kvorum.server.storage.log.WriteAheadLog;
import io.kvorum.server.storage.snapshot.SnapshotFiles;
import io.kvorum.server.tree.TreeJson;
import io.kvorum.server.tree.TreeStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What a data directory holds: a state and the log behind it. The log and snapshot files are copied
 * first and read from the copies, so that locks and repairs touch nothing of the directory's owner;
 * the store is opened without taking its lock.
 */
final class Source implements AutoCloseable {

  private final Path scratch;
  private final Opened opened;
  private final Optional<RaftWire.Snapshot> start;

  private Source(Path scratch, Opened opened, Optional<RaftWire.Snapshot> start) {
    this.scratch = scratch;
    this.opened = opened;
    this.start = start;
  }

  /** Reads {@code from}; {@code scratch} is made for the copies and removed in the end. */
  static Source open(Disk disk, MemberFolders from, Path scratch) throws IOException {
    remove(scratch);
    try {
      // The store first: the log keeps what follows an older state, not what a newer one follows.
      Optional<RaftWire.Snapshot> stored = ofStore(from.store());
      Path wal = scratch.resolve("wal");
      Path snap = scratch.resolve("snap");
      copy(from.snap(), snap, "*.snap");
      copy(from.wal(), wal, "*.wal");
      Optional<RaftWire.Snapshot> start = newer(disk, wal, snap, stored);
      LogPosition position = start.map(Source::position).orElse(LogPosition.ZERO);
      return new Source(scratch, WriteAheadLog.open(disk, wal, position), start);
    } catch (IOException | RuntimeException failure) {
      remove(scratch);
      throw failure;
    }
  }

  private static LogPosition position(RaftWire.Snapshot snapshot) {
    return snapshot.metadata().position();
  }

  /** The state that our store reflects, when there is one with anything in it. */
  private static Optional<RaftWire.Snapshot> ofStore(Path store) throws IOException {
    if (!Files.exists(store.resolve("CURRENT"))) {
      return Optional.empty();
    }
    try (RocksEngine engine = RocksEngine.openToRead(store)) {
      LogPosition position = StoreMeta.position(engine);
      if (position.index() == 0) {
        return Optional.empty();
      }
      ConfState confState = StoreMeta.configuration(engine);
      ByteArrayOutputStream state = new ByteArrayOutputStream(1 << 16);
      // The time only serves the ttl numbers of past events, which nobody reads back.
      TreeJson.write(TreeStore.open(engine).view(), state, 0);
      return Optional.of(
          new RaftWire.Snapshot(
              new SnapshotMetadata(position, confState), Bytes.wrap(state.toByteArray())));
    }
  }

  /** A received or genuine snapshot takes the place of an older state. */
  private static Optional<RaftWire.Snapshot> newer(
      Disk disk, Path wal, Path snap, Optional<RaftWire.Snapshot> stored) {
    long known = stored.map(found -> position(found).index()).orElse(0L);
    var marked =
        WriteAheadLog.marks(disk, wal).stream()
            .map(SnapshotMark::position)
            .filter(position -> position.index() > known)
            .collect(Collectors.toSet());
    Optional<RaftWire.Snapshot> newest = new SnapshotFiles(disk, snap).loadNewest(marked::contains);
    return newest.isPresent() ? newest : stored;
  }

  /** Where the log begins to count; empty when that is its first entry. */
  Optional<SnapshotMetadata> snapshot() {
    return start.map(RaftWire.Snapshot::metadata);
  }

  /** The state there, as etcd's JSON. */
  Bytes state() {
    return start.map(RaftWire.Snapshot::data).orElse(Bytes.EMPTY);
  }

  /** Every entry behind it, those that were not committed included. */
  void entries(Consumer<Entry> consumer) {
    opened.log().replay(start.map(Source::position).orElse(LogPosition.ZERO), consumer);
  }

  /** Whose log it is. */
  LogIdentity identity() {
    return opened.identity();
  }

  /** The last one; never behind the snapshot. */
  HardState hardState() {
    HardState last = opened.hardState();
    long position = start.map(found -> position(found).index()).orElse(0L);
    return new HardState(last.term(), last.vote(), Math.max(last.commit(), position));
  }

  @Override
  public void close() throws IOException {
    opened.log().close();
    remove(scratch);
  }

  private static void copy(Path from, Path to, String pattern) throws IOException {
    Files.createDirectories(to);
    if (!Files.isDirectory(from)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from, pattern)) {
      for (Path file : files) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    } catch (NoSuchFileException deleted) {
      throw new NoSuchState(deleted.getFile() + " was deleted while it was read");
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    for (String part : new String[] {"wal", "snap"}) {
      Path files = folder.resolve(part);
      if (Files.isDirectory(files)) {
        try (DirectoryStream<Path> copies = Files.newDirectoryStream(files)) {
          for (Path copy : copies) {
            Files.delete(copy);
          }
        }
        Files.delete(files);
      }
    }
    Files.delete(folder);
  }
}
