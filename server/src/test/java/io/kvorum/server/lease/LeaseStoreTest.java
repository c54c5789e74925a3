// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.LeaseCommand;
import io.kvorum.server.command.LeaseCommand.Checkpoint;
import io.kvorum.server.command.LeaseCommand.Grant;
import io.kvorum.server.command.LeaseCommand.Remaining;
import io.kvorum.server.command.LeaseCommand.Revoke;
import io.kvorum.server.command.LeaseResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Lease.Reason;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.storage.engine.RocksEngine;
import io.kvorum.server.storage.engine.RocksLimits;
import io.kvorum.server.storage.engine.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Leases over a real keyspace: answers of 3.4.23, etcd's bytes, and random commands against a plain
 * model, with crashes that take the store back ({@code -Dseed}, {@code -Dops}).
 */
class LeaseStoreTest {

  private static final Table POSITION = new Table("position");
  private static final Bytes AT = Bytes.utf8("at");
  private static final int OPS = Integer.getInteger("ops", 20_000);

  private Engine engine = new MemoryEngine(tables());
  private Keyspace keyspace = Keyspace.open(engine);
  private LeaseStore store = LeaseStore.open(engine, 2);
  private Batch batch = new Batch();

  private static List<Table> tables() {
    List<Table> tables = new ArrayList<>(Keyspace.tables());
    tables.addAll(LeaseStore.tables());
    tables.add(POSITION);
    return tables;
  }

  private final AttachedKeys keys =
      new AttachedKeys() {
        @Override
        public void delete(long lease, Batch changes) {
          keyspace.deleteAttached(lease, changes);
        }

        @Override
        public long revision() {
          return keyspace.revision();
        }
      };

  @Test
  void aShortTimeIsRaisedAndATooLongOneRefused() {
    assertEquals(granted(1, 7, 2), apply(new Grant(7, 0)));
    assertEquals(granted(1, 8, 2), apply(new Grant(8, -5)));
    assertEquals(granted(1, 9, 9_000_000_000L), apply(new Grant(9, 9_000_000_000L)));
    assertEquals(refused(Reason.TTL_TOO_LARGE), apply(new Grant(10, 9_000_000_001L)));
    assertEquals(
        refused(Reason.TTL_TOO_LARGE), apply(new Grant(9, 9_000_000_001L)), "looked first");
    assertEquals(refused(Reason.EXISTS), apply(new Grant(7, 60)));
    assertEquals(refused(Reason.NOT_FOUND), apply(new Grant(0, 60)), "nobody has this id");
    assertEquals(granted(1, -3, 60), apply(new Grant(-3, 60)));
  }

  @Test
  void aLeaseIsWrittenDownAsEtcdDoes() {
    apply(new Grant(0x7c1c0b5f, 60));
    apply(new Grant(-1, 300));
    apply(new Checkpoint(List.of(new Remaining(-1, 200), new Remaining(5, 3))));
    round();
    Table bucket = LeaseStore.tables().getFirst();
    assertEquals("lease", bucket.name());
    assertEquals(
        "08df96f0e007103c", engine.get(bucket, hex("000000007c1c0b5f")).orElseThrow().hex());
    assertEquals(
        "08ffffffffffffffffff0110ac0218c801",
        engine.get(bucket, hex("ffffffffffffffff")).orElseThrow().hex());
    assertEquals(Optional.empty(), engine.get(bucket, hex("0000000000000005")), "never granted");
  }

  private static Bytes hex(String digits) {
    return Bytes.wrap(HexFormat.of().parseHex(digits));
  }

  @Test
  void revokingDeletesTheKeysInOneRevisionAndWithoutKeysMakesNone() {
    apply(new Grant(7, 60));
    put("b", 7);
    put("a", 7);
    put("c", 0);
    put("moved", 7);
    put("moved", 0);
    assertEquals(6, keyspace.revision());
    keyspace.takeEvents();
    assertEquals(
        new Outcome.Lease(new LeaseResult.Revoked(7)), apply(new Revoke(7)), "both in one");
    assertEquals(
        List.of("a", "b"),
        keyspace.takeEvents().stream().map(event -> event.kv().key().utf8()).toList());
    assertEquals(refused(Reason.NOT_FOUND), apply(new Revoke(7)));
    apply(new Grant(7, 60));
    assertEquals(new Outcome.Lease(new LeaseResult.Revoked(7)), apply(new Revoke(7)));
  }

  @Test
  void changesAreToldInOrderAndOnce() {
    apply(new Grant(7, 60));
    apply(new Grant(7, 60));
    apply(new Checkpoint(List.of(new Remaining(7, 50), new Remaining(8, 50))));
    apply(new Revoke(7));
    assertEquals(
        List.of(
            new LeaseChange.Granted(new Lease(7, 60, 0)),
            new LeaseChange.Checkpointed(new Lease(7, 60, 50)),
            new LeaseChange.Revoked(7)),
        store.takeChanges());
    assertEquals(List.of(), store.takeChanges());
  }

  // --- the twin ---

  /** A lease, slowly: its keys are looked for among all. */
  private static final class PlainLeases {

    final TreeMap<Long, Lease> leases = new TreeMap<>(Long::compareUnsigned);
    final TreeMap<String, Long> keys = new TreeMap<>();
    long revision = 1;

    Outcome apply(LeaseCommand command) {
      return switch (command) {
        case Grant(long id, long ttl) -> {
          if (leases.containsKey(id)) {
            yield refused(Reason.EXISTS);
          }
          leases.put(id, new Lease(id, ttl < 2 ? 2 : ttl, 0));
          yield granted(revision, id, ttl < 2 ? 2 : ttl);
        }
        case Revoke(long id) -> {
          if (leases.remove(id) == null) {
            yield refused(Reason.NOT_FOUND);
          }
          revision += keys.values().removeIf(lease -> lease == id) ? 1 : 0;
          yield new Outcome.Lease(new LeaseResult.Revoked(revision));
        }
        case Checkpoint(List<Remaining> all) -> {
          all.forEach(
              one ->
                  leases.computeIfPresent(
                      one.id(), (id, was) -> new Lease(id, was.ttlSeconds(), one.ttlSeconds())));
          yield new Outcome.Lease(new LeaseResult.Checkpointed(revision));
        }
      };
    }

    boolean put(String key, long lease) {
      if (lease != 0 && !leases.containsKey(lease)) {
        return false;
      }
      keys.put(key, lease);
      revision++;
      return true;
    }
  }

  /** Either a change of the leases or a put: what the log would bring again. */
  private record Logged(Optional<LeaseCommand> command, String key, long lease, Object result) {}

  private final long seed = Long.getLong("seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final PlainLeases twin = new PlainLeases();
  private final List<Logged> log = new ArrayList<>();
  private int applied;
  private int crashes;

  @Test
  void inMemoryWithCrashesToAnyEarlierFlush() {
    run(OPS, old -> ((MemoryEngine) old).crash(random));
  }

  @Test
  void onRocksWithCrashesToTheLastFlush(@TempDir Path folder) {
    Path directory = folder.resolve("store");
    keyspace.close();
    open(RocksEngine.open(directory, tables(), RocksLimits.DEFAULT));
    run(
        OPS / 4,
        old -> {
          old.close();
          return RocksEngine.open(directory, tables(), RocksLimits.DEFAULT);
        });
    keyspace.close();
    engine.close();
  }

  private void open(Engine next) {
    engine = next;
    keyspace = Keyspace.open(engine);
    store = LeaseStore.open(engine, 2);
    batch = new Batch();
    Optional<Bytes> at = engine.get(POSITION, AT);
    applied = at.map(value -> Integer.parseInt(value.utf8())).orElse(0);
  }

  private void run(int ops, UnaryOperator<Engine> crash) {
    try {
      for (int i = 0; i < ops; i++) {
        step();
        if (random.nextInt(400) == 0) {
          crash(crash);
        }
      }
      crash(crash);
    } catch (AssertionError | RuntimeException failure) {
      throw new AssertionError(
          "replay with -Dseed=%d -Dops=%d: entry %d".formatted(seed, OPS, applied), failure);
    }
    assertTrue(crashes > 0);
  }

  private void crash(UnaryOperator<Engine> crash) {
    crashes++;
    keyspace.close();
    open(crash.apply(engine));
    while (applied < log.size()) {
      applyNext();
      if (random.nextInt(5) == 0) {
        round();
      }
    }
    round();
    compare();
  }

  private void step() {
    long id = 1 + random.nextInt(30);
    Optional<LeaseCommand> command =
        switch (random.nextInt(6)) {
          case 0 -> Optional.of(new Revoke(id));
          case 1 -> Optional.of(new Grant(id, random.nextInt(100)));
          case 2 ->
              Optional.of(
                  new Checkpoint(
                      List.of(new Remaining(id, random.nextInt(3)), new Remaining(id + 1, 7))));
          default -> Optional.empty();
        };
    String key = "k" + random.nextInt(200);
    long lease = random.nextInt(4) == 0 ? 0 : id;
    Object result = command.isPresent() ? twin.apply(command.get()) : (Object) twin.put(key, lease);
    log.add(new Logged(command, key, lease, result));
    applyNext();
    if (random.nextInt(8) == 0) {
      round();
      if (random.nextInt(20) == 0) {
        compare();
      }
    }
    if (random.nextInt(150) == 0) {
      round();
      engine.flush();
    }
  }

  private void applyNext() {
    Logged next = log.get(applied++);
    Object result =
        next.command.isPresent()
            ? apply(next.command.get())
            : (Object) (put(next.key, next.lease) instanceof Outcome.Keyspace);
    assertEquals(next.result, result, next::toString);
  }

  private void compare() {
    List<Lease> all = new ArrayList<>();
    store.forEach(all::add);
    assertEquals(List.copyOf(twin.leases.values()), all);
    assertEquals(twin.revision, keyspace.revision());
    for (long id = 1; id <= 31; id++) {
      long lease = id;
      TreeSet<String> attached = new TreeSet<>();
      keyspace.read(view -> view.attached(lease)).forEach(key -> attached.add(key.utf8()));
      TreeSet<String> expected = new TreeSet<>(twin.keys.keySet());
      expected.removeIf(key -> !Long.valueOf(lease).equals(twin.keys.get(key)));
      assertEquals(expected, attached);
      assertEquals(Optional.ofNullable(twin.leases.get(id)), store.find(id));
    }
  }

  // --- tools ---

  private Outcome apply(LeaseCommand command) {
    return store.apply(command, keys, batch);
  }

  private Outcome put(String key, long lease) {
    return keyspace.apply(
        new Put(Bytes.utf8(key), Bytes.utf8("v"), lease, false, false, false),
        store::exists,
        batch);
  }

  private void round() {
    batch.put(POSITION, AT, Bytes.utf8(Integer.toString(applied)));
    engine.write(batch);
    batch = new Batch();
    keyspace.publish();
    store.publish();
    store.takeChanges();
    keyspace.takeEvents();
  }

  private static Outcome granted(long revision, long id, long ttlSeconds) {
    return new Outcome.Lease(new LeaseResult.Granted(revision, id, ttlSeconds));
  }

  private static Outcome refused(Reason reason) {
    return new Outcome.Refused(new Refusal.Lease(reason));
  }
}
