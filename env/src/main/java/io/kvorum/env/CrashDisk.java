// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that forgets what was not synced, the way real ones may.
 *
 * <p>Problem: kill -9 does not test a sync, because the page cache outlives the process. Idea: keep
 * for every 512-byte sector all versions since the last sync of its file, for every file all sizes,
 * and for all directories the list of operations that no directory sync has covered. A crash then
 * picks for each of them independently: a sector is any of its versions, a size any of the sizes, a
 * directory operation happened or did not. That is more freedom than journalling file systems take,
 * so what survives here survives there.
 *
 * <p>Invariants: what a sync covered is there after every crash; a rename is one operation; a
 * sector is never mixed from two versions.
 *
 * <p>{@link #crash} clones: the disk it is called on goes on as if nothing had happened. So one run
 * can be crashed at each of its syncs ({@link #beforeEachSync}). Thread-safe.
 */
public final class CrashDisk implements Disk {

  /** A directory: what programs see now, and what a crash can not take away. */
  static final class Directory {
    final Map<String, Object> names = new TreeMap<>();
    final Map<String, Object> durableNames = new TreeMap<>();
  }

  /** One step of a directory operation: {@code node} null removes the name. */
  private record Change(Directory directory, String name, @Nullable Object node) {

    void applyTo(Map<String, Object> names) {
      if (node == null) {
        names.remove(name);
      } else {
        names.put(name, node);
      }
    }
  }

  private final Directory root = new Directory();
  private final List<List<Change>> pending = new ArrayList<>();
  private final Faults faults = new Faults();
  private @Nullable Consumer<CrashDisk> beforeEachSync;

  /** The faults to come. */
  public Faults faults() {
    return faults;
  }

  /**
   * Has {@code observer} called with this disk just before each sync takes effect, on the thread
   * that syncs: the moment at which most can be lost.
   */
  public synchronized void beforeEachSync(Consumer<CrashDisk> observer) {
    beforeEachSync = observer;
  }

  /** What a machine finds after losing power now: everything synced, and any legal rest. */
  public synchronized CrashDisk crash(RandomGenerator random) {
    Map<Directory, Map<String, Object>> survivors = new IdentityHashMap<>();
    for (List<Change> operation : pending) {
      if (random.nextBoolean()) {
        for (Change change : operation) {
          change.applyTo(
              survivors.computeIfAbsent(
                  change.directory, directory -> new TreeMap<>(directory.durableNames)));
        }
      }
    }
    CrashDisk after = new CrashDisk();
    copy(root, after.root, survivors, new IdentityHashMap<>(), random);
    return after;
  }

  private static void copy(
      Directory from,
      Directory to,
      Map<Directory, Map<String, Object>> survivors,
      Map<Object, Object> copies,
      RandomGenerator random) {
    Map<String, Object> names = survivors.getOrDefault(from, from.durableNames);
    for (Map.Entry<String, Object> entry : names.entrySet()) {
      Object node = entry.getValue();
      Object copy = copies.get(node);
      if (copy == null) {
        copy = node instanceof CrashFile file ? file.crash(random) : new Directory();
        copies.put(node, copy);
        if (node instanceof Directory directory) {
          copy(directory, (Directory) copy, survivors, copies, random);
        }
      }
      to.names.put(entry.getKey(), copy);
      to.durableNames.put(entry.getKey(), copy);
    }
  }

  /** Turns over one bit of a file, in memory and on the medium; {@code bit} counts from 0. */
  public synchronized void flipBit(Path path, long bit) throws IOException {
    file(path).flipBit(bit);
  }

  @Override
  public synchronized DiskFile create(Path path) throws IOException {
    Directory parent = parent(path);
    String name = name(path);
    if (parent.names.containsKey(name)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    CrashFile file = new CrashFile();
    change(List.of(new Change(parent, name, file)));
    return new CrashHandle(this, file, path);
  }

  @Override
  public synchronized DiskFile open(Path path) throws IOException {
    return new CrashHandle(this, file(path), path);
  }

  @Override
  public synchronized boolean exists(Path path) {
    return find(path) != null;
  }

  @Override
  public synchronized boolean isDirectory(Path path) {
    return find(path) instanceof Directory;
  }

  @Override
  public synchronized List<String> list(Path directory) throws IOException {
    return List.copyOf(directory(directory).names.keySet());
  }

  @Override
  public synchronized void createDirectories(Path directory) throws IOException {
    Directory at = root;
    for (Path part : directory.toAbsolutePath().normalize()) {
      Object node = at.names.get(part.toString());
      if (node instanceof CrashFile) {
        throw new FileAlreadyExistsException(directory.toString());
      }
      if (node == null) {
        node = new Directory();
        change(List.of(new Change(at, part.toString(), node)));
      }
      at = (Directory) node;
    }
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    Object node = find(from);
    if (node == null) {
      throw new NoSuchFileException(from.toString());
    }
    Object replaced = find(to);
    if (replaced instanceof Directory directory && !directory.names.isEmpty()) {
      throw new DirectoryNotEmptyException(to.toString());
    }
    change(
        List.of(
            new Change(parent(from), name(from), null), new Change(parent(to), name(to), node)));
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    Object node = find(path);
    if (node == null) {
      return;
    }
    if (node instanceof Directory directory && !directory.names.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    change(List.of(new Change(parent(path), name(path), null)));
  }

  @Override
  public synchronized void syncDirectory(Path path) throws IOException {
    Directory directory = directory(path);
    syncing(path);
    // A rename between two directories becomes durable with either of them.
    Predicate<List<Change>> covered =
        operation -> operation.stream().anyMatch(change -> change.directory == directory);
    pending.stream()
        .filter(covered)
        .flatMap(List::stream)
        .forEach(change -> change.applyTo(change.directory.durableNames));
    pending.removeIf(covered);
  }

  /** Called under this disk's lock before any sync: tells the observer, then fails if due. */
  void syncing(Path path) throws IOException {
    if (beforeEachSync != null) {
      beforeEachSync.accept(this);
    }
    faults.onSync(path);
  }

  /** The bytes all files hold now. */
  public synchronized long usedBytes() {
    Map<Object, Boolean> seen = new IdentityHashMap<>();
    return usedBytes(root, seen);
  }

  private static long usedBytes(Directory directory, Map<Object, Boolean> seen) {
    long sum = 0;
    for (Object node : directory.names.values()) {
      if (seen.put(node, true) == null) {
        sum += node instanceof CrashFile file ? file.size() : usedBytes((Directory) node, seen);
      }
    }
    return sum;
  }

  private void change(List<Change> operation) {
    operation.forEach(change -> change.applyTo(change.directory.names));
    pending.add(operation);
  }

  private CrashFile file(Path path) throws IOException {
    if (find(path) instanceof CrashFile file) {
      return file;
    }
    throw new NoSuchFileException(path.toString());
  }

  private Directory directory(Path path) throws IOException {
    Object node = find(path);
    if (node instanceof Directory directory) {
      return directory;
    }
    throw node == null
        ? new NoSuchFileException(path.toString())
        : new NotDirectoryException(path.toString());
  }

  private Directory parent(Path path) throws IOException {
    Path parent = path.toAbsolutePath().normalize().getParent();
    return parent == null ? root : directory(parent);
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private @Nullable Object find(Path path) {
    Object at = root;
    for (Path part : path.toAbsolutePath().normalize()) {
      if (!(at instanceof Directory directory)) {
        return null;
      }
      at = directory.names.get(part.toString());
    }
    return at;
  }

  /** Which operation fails next, and how. Thread-safe by the disk's lock being held inside. */
  public static final class Faults {

    private final Map<String, Long> countdowns = new HashMap<>();
    private long capacityBytes = Long.MAX_VALUE;
    private long syncs;
    private long writes;

    /** The {@code nth} sync from now (1 = the next one) fails and covers nothing. */
    public synchronized void failSync(long nth) {
      countdowns.put("sync", nth);
    }

    /**
     * The {@code nth} write from now stores about half of its bytes, up to the end of a sector,
     * then fails.
     */
    public synchronized void shortWrite(long nth) {
      countdowns.put("write", nth);
    }

    /** From now on all files together may hold this many bytes. */
    public synchronized void capacityBytes(long bytes) {
      capacityBytes = bytes;
    }

    /** No fault is to come any more. */
    public synchronized void heal() {
      countdowns.clear();
      capacityBytes = Long.MAX_VALUE;
    }

    /** Syncs of files and directories so far. */
    public synchronized long syncs() {
      return syncs;
    }

    /** Writes so far. */
    public synchronized long writes() {
      return writes;
    }

    private synchronized void onSync(Path path) throws IOException {
      syncs++;
      if (due("sync")) {
        throw new IOException("injected sync failure of " + path);
      }
    }

    synchronized boolean onWrite() {
      writes++;
      return due("write");
    }

    synchronized long capacityBytes() {
      return capacityBytes;
    }

    private boolean due(String kind) {
      Long left = countdowns.computeIfPresent(kind, (k, count) -> count - 1);
      if (left != null && left == 0) {
        countdowns.remove(kind);
        return true;
      }
      return false;
    }
  }
}
