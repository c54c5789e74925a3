// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * {@link Engine} on RocksDB: one column family per table, no write-ahead log, all families flushed
 * together, so that a reopened store is a state between two batches.
 *
 * <p>The library crashes the process when something is used after it was closed. So every call
 * holds {@link #use} shared, {@link #close} takes it alone and first closes what is still open.
 */
public final class RocksEngine implements Engine {

  /** Work on the library's objects; its checked exception becomes {@link EngineFailure}. */
  interface Work<T> {
    T run() throws RocksDBException;
  }

  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
  private final RocksRewriting rewriting = new RocksRewriting();
  private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
  private final Path directory;
  private final RocksSettings settings;
  private final RocksDB db;
  private final Map<Table, ColumnFamilyHandle> families = new HashMap<>();
  private final Map<Table, Integer> familyNumbers = new HashMap<>();
  private final List<ColumnFamilyHandle> handles;
  private final WriteOptions withoutLog = new WriteOptions().setDisableWAL(true);
  private final ReadOptions latest = new ReadOptions();
  private boolean closed;

  private RocksEngine(
      Path directory, RocksSettings settings, RocksDB db, List<ColumnFamilyHandle> handles)
      throws RocksDBException {
    this.directory = directory;
    this.settings = settings;
    this.db = db;
    this.handles = handles;
    for (ColumnFamilyHandle handle : handles) {
      String name = new String(handle.getName(), StandardCharsets.UTF_8);
      families.put(new Table(name), handle);
      familyNumbers.put(new Table(name), handle.getID());
    }
  }

  /**
   * Opens the store in {@code directory}, or makes a new one there with mode 0700. Tables that a
   * newer version left behind are kept.
   */
  public static RocksEngine open(Path directory, Collection<Table> tables, RocksLimits limits) {
    NativeLibrary.load(directory.toAbsolutePath().resolveSibling("native"));
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("can not create the store's folder " + directory, e);
    }
    RocksSettings settings = new RocksSettings(limits);
    try {
      List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
      for (String name : familyNames(directory, tables)) {
        descriptors.add(
            new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8), settings.family()));
      }
      List<ColumnFamilyHandle> handles = new ArrayList<>();
      RocksDB db = RocksDB.open(settings.database(), directory.toString(), descriptors, handles);
      return new RocksEngine(directory, settings, db, List.copyOf(handles));
    } catch (RocksDBException e) {
      settings.close();
      throw new EngineFailure("can not open the store " + directory, e);
    }
  }

  /**
   * Opens the store in {@code directory} as its last flush left it, changes nothing there and takes
   * no lock: a member may be running on it. Every write throws {@link EngineFailure}.
   */
  public static RocksEngine openToRead(Path directory) {
    NativeLibrary.load(Path.of(System.getProperty("java.io.tmpdir", "/tmp"), "kvorum-native"));
    RocksSettings settings = new RocksSettings(RocksLimits.TO_READ);
    try {
      List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
      for (String name : familyNames(directory, List.of())) {
        descriptors.add(
            new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8), settings.family()));
      }
      List<ColumnFamilyHandle> handles = new ArrayList<>();
      RocksDB db =
          RocksDB.openReadOnly(settings.database(), directory.toString(), descriptors, handles);
      return new RocksEngine(directory, settings, db, List.copyOf(handles));
    } catch (RocksDBException e) {
      settings.close();
      throw new EngineFailure("can not read the store " + directory, e);
    }
  }

  /** The tables that are there, those of other versions included. */
  public Set<Table> tables() {
    return Set.copyOf(families.keySet());
  }

  private static Set<String> familyNames(Path directory, Collection<Table> tables)
      throws RocksDBException {
    Set<String> names = new LinkedHashSet<>();
    names.add("default"); // the library insists on it
    tables.forEach(table -> names.add(table.name()));
    if (Files.exists(directory.resolve("CURRENT"))) {
      try (Options options = new Options()) {
        for (byte[] name : RocksDB.listColumnFamilies(options, directory.toString())) {
          names.add(new String(name, StandardCharsets.UTF_8));
        }
      }
    }
    return names;
  }

  @Override
  public void write(Batch batch) {
    if (batch.isEmpty()) {
      return;
    }
    using(
        "write",
        () -> {
          try (WriteBatch encoded = RocksBatch.encode(batch, this)) {
            db.write(withoutLog, encoded);
          }
          return true;
        });
  }

  @Override
  public Optional<Bytes> get(Table table, Bytes key) {
    return get(latest, table, key);
  }

  Optional<Bytes> get(ReadOptions options, Table table, Bytes key) {
    return using(
        "get",
        () -> Optional.ofNullable(db.get(family(table), options, key.toArray())).map(Bytes::wrap));
  }

  @Override
  public Cursor scan(Table table, KeyRange range, Order order) {
    return using("scan", () -> new RocksCursor(this, Optional.empty(), table, range, order));
  }

  @Override
  public Snapshot snapshot() {
    return using("snapshot", () -> new RocksSnapshot(this));
  }

  @Override
  public void flush() {
    using(
        "flush",
        () -> {
          try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
            db.flush(wait, handles);
          }
          return true;
        });
  }

  @Override
  public void checkpoint(Path target) {
    flush();
    using(
        "checkpoint into " + target,
        () -> {
          try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(target.toString());
          }
          return true;
        });
  }

  @Override
  public void defragment() {
    flush();
    using(
        "defragment",
        () -> {
          rewriting.all(db, handles);
          return true;
        });
  }

  @Override
  public long sizeBytes() {
    return using(
        "size",
        () -> {
          long sum = 0;
          for (ColumnFamilyHandle handle : handles) {
            sum += db.getLongProperty(handle, "rocksdb.live-sst-files-size");
            sum += db.getLongProperty(handle, "rocksdb.cur-size-all-mem-tables");
          }
          return sum;
        });
  }

  @Override
  public void close() {
    rewriting.stop();
    Lock alone = use.writeLock();
    alone.lock();
    try {
      if (closed) {
        return;
      }
      for (AutoCloseable resource : List.copyOf(open)) {
        closeQuietly(resource);
      }
      closed = true;
      handles.forEach(ColumnFamilyHandle::close);
      db.close();
      latest.close();
      withoutLog.close();
      settings.close();
    } finally {
      alone.unlock();
    }
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      throw new IllegalStateException("closing " + resource, e); // none of them throws
    }
  }

  /** Runs {@code work} while the engine can not be closed. */
  <T> T using(String what, Work<T> work) {
    Lock shared = use.readLock();
    shared.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the store " + directory + " is closed");
      }
      return work.run();
    } catch (RocksDBException e) {
      throw new EngineFailure("store " + directory + ": " + what + " failed", e);
    } finally {
      shared.unlock();
    }
  }

  /** Runs {@code release} unless closing the engine has done so already. */
  void release(AutoCloseable resource, Runnable release) {
    // Reentrant: close() calls this while it holds the write lock.
    Lock shared = use.readLock();
    shared.lock();
    try {
      if (open.remove(resource)) {
        release.run();
      }
    } finally {
      shared.unlock();
    }
  }

  void opened(AutoCloseable resource) {
    open.add(resource);
  }

  RocksDB db() {
    return db;
  }

  ColumnFamilyHandle family(Table table) {
    return declared(table, families.get(table));
  }

  /** How the library's serialised batches name a table. */
  int familyNumber(Table table) {
    return declared(table, familyNumbers.get(table));
  }

  private static <T> T declared(Table table, @Nullable T known) {
    if (known == null) {
      throw new IllegalArgumentException("table " + table.name() + " was not declared at open");
    }
    return known;
  }
}
