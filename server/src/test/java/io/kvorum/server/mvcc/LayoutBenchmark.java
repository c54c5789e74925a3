// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import com.sun.management.OperatingSystemMXBean;
import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.RocksEngine;
import io.kvorum.server.storage.engine.RocksLimits;
import io.kvorum.server.storage.engine.Table;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Measures the two layouts of docs/decisions/0012 against each other, as lean prototypes on the
 * real engine; and what became of the second. Arguments: {@code memory|tables|keyspace}, number of
 * keys, bytes of a value, an empty folder.
 *
 * <p>Longer than 500 lines because the two prototypes are to be read and measured side by side, and
 * neither of them is kept anywhere else.
 */
final class LayoutBenchmark {

  private static final Table KEY = new Table("key");
  private static final Table CUR = new Table("cur");
  private static final Table OLD = new Table("old");
  private static final Table INDEX = new Table("index");
  private static final int ROUND = 100;

  /** What is measured, of one way to find a key's versions. */
  private interface Layout {
    void put(Bytes key, Bytes value, long revision, Batch batch);

    Optional<Bytes> get(Engine engine, Bytes key);

    default void written() {}

    long range(Engine engine, KeyRange range, long limit);

    long count(Engine engine, KeyRange range);

    Optional<Bytes> getOld(Engine engine, Bytes key, long revision);

    long rangeOld(Engine engine, KeyRange range, long limit, long revision);

    default void save(Engine engine) {}

    default void close() {}
  }

  private final String name;
  private final long keys;
  private final Path folder;
  private final int valueBytes;
  private final Bytes noise;
  private Engine engine;
  private Layout layout;
  private long revision = 1;

  private LayoutBenchmark(String name, long keys, int valueBytes, Path folder) {
    this.name = name;
    this.keys = keys;
    this.valueBytes = valueBytes;
    this.folder = folder;
    byte[] random = new byte[1 << 20];
    new Random(1).nextBytes(random);
    noise = Bytes.wrap(random);
    engine = open();
    layout = layout();
  }

  public static void main(String[] arguments) throws IOException {
    long keys = Long.parseLong(arguments[1]);
    int valueBytes = Integer.parseInt(arguments[2]);
    new LayoutBenchmark(arguments[0], keys, valueBytes, Path.of(arguments[3])).run();
  }

  private Layout layout() {
    return switch (name) {
      case "memory" -> new InMemory(engine);
      case "tables" -> new InTables(engine);
      default -> new Real(engine);
    };
  }

  private Engine open() {
    List<Table> tables = new ArrayList<>(Keyspace.tables());
    tables.add(INDEX);
    return RocksEngine.open(folder, tables, RocksLimits.DEFAULT);
  }

  private void run() throws IOException {
    System.out.printf("== %s, %,d keys of %d bytes%n", name, keys, valueBytes);
    // A step coprime to the count visits every key once, in no order.
    per("load, a put", keys, i -> put(i * 7_368_787 % keys));
    long loaded = revision;
    Random random = new Random(2);
    long updates = Math.min(keys / 5, 500_000);
    per("update, a put", updates, i -> put((long) (random.nextDouble() * keys)));
    write();
    rss();
    each("get", 100_000, i -> require(layout.get(engine, key(anywhere(random)))));
    each("range of 10,000", 20, i -> range(random));
    each("count of all", keys > 2_000_000 ? 1 : 3, i -> layout.count(engine, KeyRange.ALL));
    each(
        "get at an old revision",
        20_000,
        i -> require(layout.getOld(engine, key(anywhere(random)), loaded)));
    each("range of 10,000 at an old revision", 20, i -> rangeOld(random, loaded));
    each("catch-up, 100,000 revisions", 5, i -> catchUp());
    rss();
    long saving = System.nanoTime();
    layout.save(engine);
    engine.flush();
    System.out.printf("save and flush: %,d ms%n", (System.nanoTime() - saving) / 1_000_000);
    System.out.printf("engine: %,d MB%n", engine.sizeBytes() >> 20);
    layout.close();
    engine.close();
    long start = System.nanoTime();
    engine = open();
    layout = layout();
    require(layout.get(engine, key(keys / 2)));
    System.out.printf(
        "open until the first get: %,d ms%n", (System.nanoTime() - start) / 1_000_000);
    engine.close();
  }

  private long anywhere(Random random) {
    return (long) (random.nextDouble() * keys);
  }

  private Batch batch = new Batch();

  private void put(long number) {
    revision++;
    int at = (int) (revision * 257 % (noise.length() - valueBytes));
    layout.put(key(number), noise.slice(at, at + valueBytes), revision, batch);
    if (revision % ROUND == 0) {
      write();
    }
  }

  private void write() {
    engine.write(batch);
    layout.written();
    batch = new Batch();
  }

  private void range(Random random) {
    long from = (long) (random.nextDouble() * (keys - 10_000));
    expect(10_000, layout.range(engine, KeyRange.from(key(from)), 10_000));
  }

  private void rangeOld(Random random, long at) {
    long from = (long) (random.nextDouble() * (keys - 10_000));
    expect(10_000, layout.rangeOld(engine, KeyRange.from(key(from)), 10_000, at));
  }

  private void catchUp() {
    long from = revision / 2;
    long bytes = 0;
    try (Cursor cursor =
        engine.scan(KEY, KeyRange.of(revisionKey(from), revisionKey(from + 100_000)))) {
      while (cursor.next()) {
        bytes += KeyValue.read(cursor.value()).value().length() + cursor.key().length();
      }
    }
    expect(100_000L * (valueBytes + 17), bytes);
  }

  private static void expect(long wanted, long got) {
    if (wanted != got) {
      throw new AssertionError("expected " + wanted + ", got " + got);
    }
  }

  private static Bytes key(long number) {
    return Bytes.utf8("/registry/objects/%010d".formatted(number));
  }

  private static Bytes revisionKey(long main) {
    return Bytes.wrap(ByteBuffer.allocate(17).putLong(main).put((byte) '_').putLong(0).array());
  }

  private static void per(String what, long times, LongConsumer work) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long start = System.nanoTime();
    for (long i = 0; i < times; i++) {
      work.accept(i);
      if ((i + 1) % 4_000_000 == 0) {
        System.out.printf("%,d after %,d ms%n", i + 1, (System.nanoTime() - start) / 1_000_000);
      }
    }
    System.out.printf(
        "%s: %.2f us, %.2f us of all threads' processor time%n",
        what,
        (System.nanoTime() - start) / 1e3 / times,
        (system.getProcessCpuTime() - cpu) / 1e3 / times);
  }

  private static void each(String what, int times, LongConsumer work) {
    long[] nanos = new long[times];
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      work.accept(i);
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    System.out.printf(
        "%s: p50 %,.1f us, p99 %,.1f us%n",
        what, nanos[times / 2] / 1e3, nanos[times * 99 / 100] / 1e3);
  }

  private static void require(Optional<Bytes> found) {
    if (found.isEmpty()) {
      throw new IllegalStateException("a key that was put is missing");
    }
  }

  private static void rss() throws IOException {
    System.gc();
    Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
        .forEach(System.out::println);
    System.out.printf(
        "live heap: %,d MB%n",
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
  }

  private static KeyValue version(Bytes key, Bytes value, long revision, KeyValue before) {
    return KeyValue.of(key, before.createRevision(), revision, before.version() + 1, value, 0);
  }

  private static KeyValue none(long revision) {
    return KeyValue.of(Bytes.EMPTY, revision, 0, 0, Bytes.EMPTY, 0);
  }

  /** Layout B: the newest version by key, every version by revision, pointers to the older. */
  private static final class InTables implements Layout {
    private final Engine engine;

    InTables(Engine engine) {
      this.engine = engine;
    }

    @Override
    public void put(Bytes key, Bytes value, long revision, Batch batch) {
      Optional<KeyValue> before = engine.get(CUR, key).map(KeyValue::read);
      before.ifPresent(
          old -> batch.put(OLD, pointer(key, old.modRevision()), revisionKey(revision)));
      Bytes record = version(key, value, revision, before.orElse(none(revision))).encoded();
      batch.put(KEY, revisionKey(revision), record).put(CUR, key, record);
    }

    private static Bytes pointer(Bytes key, long revision) {
      return key.concat(revisionKey(revision));
    }

    @Override
    public Optional<Bytes> get(Engine from, Bytes key) {
      return from.get(CUR, key);
    }

    @Override
    public long range(Engine from, KeyRange range, long limit) {
      long found = 0;
      try (Cursor cursor = from.scan(CUR, range)) {
        while (found < limit && cursor.next()) {
          KeyValue.read(cursor.value());
          found++;
        }
      }
      return found;
    }

    @Override
    public long count(Engine from, KeyRange range) {
      long found = 0;
      try (Cursor cursor = from.scan(CUR, range)) {
        while (cursor.next()) {
          found++;
        }
      }
      return found;
    }

    @Override
    public Optional<Bytes> getOld(Engine from, Bytes key, long revision) {
      Optional<Bytes> newest =
          from.get(CUR, key).filter(record -> KeyValue.read(record).modRevision() <= revision);
      return newest.isPresent() ? newest : older(from, key, revision);
    }

    private static Optional<Bytes> older(Engine from, Bytes key, long revision) {
      KeyRange versions = KeyRange.of(key, pointer(key, revision + 1));
      try (Cursor cursor = from.scan(OLD, versions, Engine.Order.DESCENDING)) {
        return cursor.next()
            ? from.get(KEY, cursor.key().slice(key.length(), cursor.key().length()))
            : Optional.empty();
      }
    }

    @Override
    public long rangeOld(Engine from, KeyRange range, long limit, long revision) {
      long found = 0;
      try (Cursor cursor = from.scan(CUR, range);
          Cursor old = from.scan(OLD, range)) {
        boolean more = old.next();
        while (found < limit && cursor.next()) {
          KeyValue newest = KeyValue.read(cursor.value());
          if (newest.modRevision() <= revision) {
            found++;
            continue;
          }
          int length = newest.key().length();
          Optional<Bytes> best = Optional.empty();
          while (more && old.key().slice(0, length).compareTo(newest.key()) <= 0) {
            if (old.key().slice(0, length).equals(newest.key())
                && old.key().slice(length, length + 8).asByteBuffer().getLong() <= revision) {
              best = Optional.of(old.key().slice(length, old.key().length()));
            }
            more = old.next();
          }
          found += best.flatMap(pointer -> from.get(KEY, pointer)).isPresent() ? 1 : 0;
        }
      }
      return found;
    }
  }

  /** Layout B as it was built. */
  private static final class Real implements Layout {
    private final Keyspace keyspace;

    Real(Engine engine) {
      keyspace = Keyspace.open(engine);
    }

    @Override
    public void put(Bytes key, Bytes value, long revision, Batch batch) {
      keyspace.apply(new KeyspaceCommand.Put(key, value), lease -> false, batch);
    }

    @Override
    public void written() {
      keyspace.publish();
      keyspace.takeEvents();
    }

    @Override
    public Optional<Bytes> get(Engine engine, Bytes key) {
      return getOld(engine, key, 0);
    }

    @Override
    public Optional<Bytes> getOld(Engine engine, Bytes key, long revision) {
      return ask(RangeQuery.of(key).at(revision)).found().stream()
          .map(KeyValue::encoded)
          .findFirst();
    }

    @Override
    public long range(Engine engine, KeyRange range, long limit) {
      return rangeOld(engine, range, limit, 0);
    }

    /** Ends behind the last key wanted, as a limit would have all the others counted. */
    @Override
    public long rangeOld(Engine engine, KeyRange range, long limit, long revision) {
      long first = Long.parseLong(range.from().utf8().substring("/registry/objects/".length()));
      return ask(RangeQuery.of(range.from(), key(first + limit)).at(revision)).found().size();
    }

    @Override
    public long count(Engine engine, KeyRange range) {
      Bytes zero = Bytes.wrap(new byte[1]);
      return ask(new RangeQuery(
              zero,
              zero,
              0,
              0,
              RangeQuery.SortOrder.NONE,
              RangeQuery.SortTarget.KEY,
              true,
              false,
              true,
              RangeQuery.Bounds.NONE))
          .count();
    }

    private KeyspaceResult.Range ask(RangeQuery query) {
      Outcome outcome = keyspace.read(view -> view.range(query));
      return (KeyspaceResult.Range) ((Outcome.Keyspace) outcome).result();
    }

    @Override
    public void close() {
      keyspace.close();
    }
  }

  /** Layout A: sorted leaves in memory, every version by revision on disk. */
  private static final class InMemory implements Layout {
    private static final int LEAF_MAX = 64;

    /** Immutable: keys packed one after the other, three numbers for each, older revisions. */
    private record Leaf(byte[] keys, int[] ends, long[] numbers, long[][] older) {
      int size() {
        return ends.length;
      }

      int start(int i) {
        return i == 0 ? 0 : ends[i - 1];
      }

      Bytes key(int i) {
        return Bytes.wrap(keys, start(i), ends[i] - start(i));
      }

      int find(Bytes key) {
        int low = 0;
        int high = ends.length - 1;
        while (low <= high) {
          int middle = (low + high) >>> 1;
          int order = key(middle).compareTo(key);
          if (order == 0) {
            return middle;
          }
          if (order < 0) {
            low = middle + 1;
          } else {
            high = middle - 1;
          }
        }
        return -low - 1;
      }

      Leaf replaced(int i, long create, long mod, long version) {
        long[] changed = numbers.clone();
        long[][] versions = older.clone();
        long[] before = versions[i];
        versions[i] = before == null ? new long[1] : Arrays.copyOf(before, before.length + 1);
        versions[i][versions[i].length - 1] = numbers[3 * i + 1];
        set(changed, i, create, mod, version);
        return new Leaf(keys, ends, changed, versions);
      }

      Leaf inserted(int i, Bytes key, long revision) {
        byte[] packed = new byte[keys.length + key.length()];
        int at = start(i);
        System.arraycopy(keys, 0, packed, 0, at);
        key.copyTo(packed, at);
        System.arraycopy(keys, at, packed, at + key.length(), keys.length - at);
        int[] moved = new int[ends.length + 1];
        System.arraycopy(ends, 0, moved, 0, i);
        moved[i] = at + key.length();
        for (int j = i; j < ends.length; j++) {
          moved[j + 1] = ends[j] + key.length();
        }
        long[] changed = new long[numbers.length + 3];
        System.arraycopy(numbers, 0, changed, 0, 3 * i);
        System.arraycopy(numbers, 3 * i, changed, 3 * i + 3, numbers.length - 3 * i);
        set(changed, i, revision, revision, 1);
        long[][] versions = new long[older.length + 1][];
        System.arraycopy(older, 0, versions, 0, i);
        System.arraycopy(older, i, versions, i + 1, older.length - i);
        return new Leaf(packed, moved, changed, versions);
      }

      private static void set(long[] numbers, int i, long create, long mod, long version) {
        numbers[3 * i] = create;
        numbers[3 * i + 1] = mod;
        numbers[3 * i + 2] = version;
      }

      Leaf part(int from, int to) {
        int offset = start(from);
        int[] moved = Arrays.copyOfRange(ends, from, to);
        for (int i = 0; i < moved.length; i++) {
          moved[i] -= offset;
        }
        return new Leaf(
            Arrays.copyOfRange(keys, offset, ends[to - 1]),
            moved,
            Arrays.copyOfRange(numbers, 3 * from, 3 * to),
            Arrays.copyOfRange(older, from, to));
      }

      /** The newest revision of key {@code i} that is not after {@code at}; 0 for none. */
      long revision(int i, long at) {
        if (numbers[3 * i + 1] <= at) {
          return numbers[3 * i + 1];
        }
        long best = 0;
        for (long version : older[i] == null ? new long[0] : older[i]) {
          best = version <= at ? version : best;
        }
        return best;
      }
    }

    private final TreeMap<Bytes, Leaf> leaves = new TreeMap<>();

    InMemory(Engine engine) {
      leaves.put(Bytes.EMPTY, new Leaf(new byte[0], new int[0], new long[0], new long[0][]));
      try (Cursor saved = engine.scan(INDEX, KeyRange.ALL)) {
        while (saved.next()) {
          ByteBuffer in = saved.value().asByteBuffer();
          int[] ends = new int[in.getInt()];
          long[] numbers = new long[3 * ends.length];
          long[][] older = new long[ends.length][];
          for (int i = 0; i < ends.length; i++) {
            ends[i] = in.getInt();
            numbers[3 * i] = in.getLong();
            numbers[3 * i + 1] = in.getLong();
            numbers[3 * i + 2] = in.getLong();
            int versions = in.getInt();
            if (versions > 0) {
              older[i] = new long[versions];
              in.asLongBuffer().get(older[i]);
              in.position(in.position() + 8 * versions);
            }
          }
          byte[] keys = new byte[in.remaining()];
          in.get(keys);
          leaves.put(saved.key(), new Leaf(keys, ends, numbers, older));
        }
      }
    }

    @Override
    public void save(Engine engine) {
      Batch batch = new Batch();
      for (var entry : leaves.entrySet()) {
        Leaf leaf = entry.getValue();
        int bytes = 4 + leaf.size() * 32 + leaf.keys.length;
        for (long[] versions : leaf.older) {
          bytes += versions == null ? 0 : 8 * versions.length;
        }
        ByteBuffer out = ByteBuffer.allocate(bytes).putInt(leaf.size());
        for (int i = 0; i < leaf.size(); i++) {
          out.putInt(leaf.ends[i]);
          for (int j = 0; j < 3; j++) {
            out.putLong(leaf.numbers[3 * i + j]);
          }
          long[] versions = leaf.older[i] == null ? new long[0] : leaf.older[i];
          out.putInt(versions.length);
          for (long version : versions) {
            out.putLong(version);
          }
        }
        batch.put(INDEX, entry.getKey(), Bytes.wrap(out.put(leaf.keys).array()));
        if (batch.changes().size() == 1000) {
          engine.write(batch);
          batch = new Batch();
        }
      }
      engine.write(batch);
    }

    @Override
    public void put(Bytes key, Bytes value, long revision, Batch batch) {
      var place = leaves.floorEntry(key);
      Leaf leaf = place.getValue();
      int i = leaf.find(key);
      KeyValue record;
      Leaf changed;
      if (i >= 0) {
        long create = leaf.numbers[3 * i];
        long version = leaf.numbers[3 * i + 2] + 1;
        record = KeyValue.of(key, create, revision, version, value, 0);
        changed = leaf.replaced(i, create, revision, version);
      } else {
        record = KeyValue.of(key, revision, revision, 1, value, 0);
        changed = leaf.inserted(-i - 1, key, revision);
      }
      batch.put(KEY, revisionKey(revision), record.encoded());
      if (changed.size() > LEAF_MAX) {
        Leaf right = changed.part(LEAF_MAX / 2, changed.size());
        leaves.put(place.getKey(), changed.part(0, LEAF_MAX / 2));
        leaves.put(right.key(0).compact(), right);
      } else {
        leaves.put(place.getKey(), changed);
      }
    }

    @Override
    public Optional<Bytes> get(Engine engine, Bytes key) {
      return getOld(engine, key, Long.MAX_VALUE);
    }

    @Override
    public Optional<Bytes> getOld(Engine engine, Bytes key, long revision) {
      Leaf leaf = leaves.floorEntry(key).getValue();
      int i = leaf.find(key);
      return i < 0 ? Optional.empty() : engine.get(KEY, revisionKey(leaf.revision(i, revision)));
    }

    @Override
    public long range(Engine engine, KeyRange range, long limit) {
      return rangeOld(engine, range, limit, Long.MAX_VALUE);
    }

    @Override
    public long rangeOld(Engine engine, KeyRange range, long limit, long revision) {
      long found = 0;
      for (Leaf leaf : leaves.tailMap(leaves.floorKey(range.from()), true).values()) {
        int first = leaf.find(range.from());
        for (int i = first < 0 ? -first - 1 : first; i < leaf.size() && found < limit; i++) {
          Bytes at = revisionKey(leaf.revision(i, revision));
          KeyValue.read(engine.get(KEY, at).orElseThrow());
          found++;
        }
        if (found == limit) {
          break;
        }
      }
      return found;
    }

    @Override
    public long count(Engine engine, KeyRange range) {
      long found = 0;
      for (Leaf leaf : leaves.values()) {
        found += leaf.size();
      }
      return found;
    }
  }
}
