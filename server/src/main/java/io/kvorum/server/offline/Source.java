// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.offline;

import io.kvorum.base.Bytes;
import io.kvorum.env.Disk;
import io.kvorum.env.DiskFile;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.RaftWire;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.apply.SnapshotDesk;
import io.kvorum.server.apply.StoreMeta;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.storage.bolt.DatabaseLayout;
import io.kvorum.server.storage.engine.MemoryEngine;
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
  private final State state;

  /**
   * A state, and where its database is: in our store, or in a file; in neither when the log tells
   * everything, or a member of 2.3 had none.
   */
  private record State(
      Optional<RaftWire.Snapshot> snapshot, Optional<RocksEngine> store, Optional<Path> database)
      implements AutoCloseable {

    @Override
    public void close() {
      store.ifPresent(RocksEngine::close);
    }
  }

  private Source(Path scratch, Opened opened, State state) {
    this.scratch = scratch;
    this.opened = opened;
    this.state = state;
  }

  /** Reads {@code from}; {@code scratch} is made for the copies and removed in the end. */
  static Source open(Disk disk, MemberFolders from, Path scratch) throws IOException {
    remove(scratch);
    // The store first: the log keeps what follows an older state, not what a newer one follows.
    State stored = ofStore(from.store());
    try {
      Path wal = scratch.resolve("wal");
      Path snap = scratch.resolve("snap");
      copy(from.snap(), snap, "*.snap");
      copy(from.wal(), wal, "*.wal");
      State state = newer(disk, wal, snap, from.snap(), stored);
      LogPosition position = state.snapshot().map(Source::position).orElse(LogPosition.ZERO);
      return new Source(scratch, WriteAheadLog.open(disk, wal, position), state);
    } catch (IOException | RuntimeException failure) {
      stored.close();
      remove(scratch);
      throw failure;
    }
  }

  private static LogPosition position(RaftWire.Snapshot snapshot) {
    return snapshot.metadata().position();
  }

  /** The state that our store reflects, when there is one with anything in it. */
  private static State ofStore(Path store) throws IOException {
    State none = new State(Optional.empty(), Optional.empty(), Optional.empty());
    if (!Files.exists(store.resolve("CURRENT"))) {
      return none;
    }
    RocksEngine engine = RocksEngine.openToRead(store);
    try {
      LogPosition position = StoreMeta.position(engine);
      if (position.index() == 0 || StoreMeta.isInstalling(engine)) {
        engine.close();
        return none;
      }
      ConfState confState = StoreMeta.configuration(engine);
      ByteArrayOutputStream state = new ByteArrayOutputStream(1 << 16);
      // The time only serves the ttl numbers of past events, which nobody reads back.
      TreeJson.write(TreeStore.open(engine).view(), state, 0);
      return new State(
          Optional.of(
              new RaftWire.Snapshot(
                  new SnapshotMetadata(position, confState), Bytes.wrap(state.toByteArray()))),
          Optional.of(engine),
          Optional.empty());
    } catch (IOException | RuntimeException failure) {
      engine.close();
      throw failure;
    }
  }

  /** A received or genuine snapshot takes the place of an older state. */
  private static State newer(Disk disk, Path wal, Path snap, Path original, State stored) {
    long known = stored.snapshot().map(found -> position(found).index()).orElse(0L);
    var marked =
        WriteAheadLog.marks(disk, wal).stream()
            .map(SnapshotMark::position)
            .filter(position -> position.index() > known)
            .collect(Collectors.toSet());
    Optional<RaftWire.Snapshot> newest = new SnapshotFiles(disk, snap).loadNewest(marked::contains);
    if (newest.isEmpty()) {
      return stored;
    }
    stored.close();
    Path received = original.resolve("%016x.snap.db".formatted(position(newest.get()).index()));
    Path database = disk.exists(received) ? received : original.resolve("db");
    return new State(
        newest, Optional.empty(), Optional.of(database).filter(path -> disk.exists(path)));
  }

  /**
   * Writes the database that belongs to the state, durably: what a store of ours follows from is
   * laid out, what a genuine member wrote is copied.
   */
  void writeDatabase(Disk disk, Path target) throws IOException {
    if (state.database().isPresent()) {
      Files.copy(state.database().get(), target);
      try (DiskFile copy = disk.open(target)) {
        copy.sync();
      }
      return;
    }
    try (DiskFile file = disk.create(target)) {
      long[] at = new long[1];
      database()
          .writeTo(
              bytes -> {
                int length = bytes.remaining();
                file.write(bytes, at[0]);
                at[0] += length;
              });
      file.sync();
    }
  }

  private DatabaseLayout database() {
    return state.store().isPresent()
        ? SnapshotDesk.layout(state.store().get(), state.store().get().tables())
        : SnapshotDesk.layout(new MemoryEngine(Stores.tables()));
  }

  /** Where the log begins to count; empty when that is its first entry. */
  Optional<SnapshotMetadata> snapshot() {
    return state.snapshot().map(RaftWire.Snapshot::metadata);
  }

  /** The state there, as etcd's JSON. */
  Bytes state() {
    return state.snapshot().map(RaftWire.Snapshot::data).orElse(Bytes.EMPTY);
  }

  /** Every entry behind it, those that were not committed included. */
  void entries(Consumer<Entry> consumer) {
    opened.log().replay(state.snapshot().map(Source::position).orElse(LogPosition.ZERO), consumer);
  }

  /** Whose log it is. */
  LogIdentity identity() {
    return opened.identity();
  }

  /** The last one; never behind the snapshot. */
  HardState hardState() {
    HardState last = opened.hardState();
    long position = state.snapshot().map(found -> position(found).index()).orElse(0L);
    return new HardState(last.term(), last.vote(), Math.max(last.commit(), position));
  }

  @Override
  public void close() throws IOException {
    state.close();
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
