// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.base.MemberId;
import io.kvorum.env.CrashDisk;
import io.kvorum.env.VirtualWorld;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.AppliedListener;
import io.kvorum.server.consensus.StateForPeer;
import io.kvorum.server.mvcc.KeyspaceView;
import io.kvorum.server.mvcc.RandomKeyspaceCommands;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.EngineFailure;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.storage.engine.Table;
import io.kvorum.server.storage.snapshot.IncomingDatabase;
import io.kvorum.server.storage.snapshot.SnapshotFiles;
import io.kvorum.server.tree.RandomCommands;
import io.kvorum.server.watch.KeyspaceAudience;
import io.kvorum.server.watch.TreeWatches;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The apply thread, from committed entries to stored state and to what leaves it. */
class ApplyLoopTest {

  private static final MemberId CLUSTER = new MemberId(0xc1);
  private static final MemberId SELF = new MemberId(1);
  private static final Path SNAP = Path.of("/snap");
  private static final long ENTRIES_PER_FLUSH = 25;
  private static final Set<String> NOT_COMPARED =
      Set.of("tree s", "tree i", "tree n/", "tree n/0", "tree n/1", "meta kv_size");

  private final List<Entry> log = new ArrayList<>();

  @Test
  void whatGatheredWhileTheLastRoundWasWrittenIsOneBatch() {
    Applier applier = new Applier(new MemoryEngine(Stores.tables()));
    put("a");
    put("b");
    put("c");
    applier.loop.commit(log.subList(0, 1));
    applier.loop.commit(log.subList(1, 3));
    applier.workers.work();
    assertEquals(1, applier.engine.writes());
    assertEquals(new LogPosition(1, 3), StoreMeta.position(applier.engine));
    assertEquals(List.of("applied 3", "answers 1001 1002 1003"), applier.told);
    put("d");
    applier.loop.commit(log.subList(3, 4));
    applier.workers.work();
    assertEquals(2, applier.engine.writes());
  }

  @Test
  void outcomesLeaveWhenTheBatchIsVisibleAndNotWhenItFailed() {
    MemoryEngine memory = new MemoryEngine(Stores.tables());
    Applier failing = new Applier(new FailingEngine(memory, 0), new CrashDisk());
    put("a");
    failing.loop.commit(log);
    assertThrows(EngineFailure.class, failing.workers::work);
    assertEquals(List.of(), failing.told);
    assertEquals(LogPosition.ZERO, StoreMeta.position(memory));
    Applier again = new Applier(memory);
    again.loop.commit(log);
    again.workers.work();
    // the listener itself checks that what it is told of can be read
    assertEquals(List.of("applied 1", "answers 1001"), again.told);
  }

  @Test
  void aMembershipChangeIsToldOnceItIsVisibleAndInItsOrder() {
    Applier applier = new Applier(new MemoryEngine(Stores.tables()));
    add(new MemberCommand.Add(SELF, List.of("http://a:1"), "a", false));
    add(new MemberCommand.Add(new MemberId(2), List.of("http://b:1"), "", true));
    add(new MemberCommand.Add(new MemberId(3), List.of("http://b:1"), "", false));
    applier.loop.commit(log);
    applier.workers.work();
    assertEquals(
        List.of(
            "members [1, 2]",
            "applied 3",
            "answers 1001 1002 1003",
            "configuration 1 [1]+[]",
            "configuration 2 [1]+[2]",
            "configuration 3 [1]+[2]"),
        applier.told);
    assertEquals(ConfState.of(List.of(1L), List.of(2L)), StoreMeta.configuration(applier.engine));
    applier.told.clear();
    put("x");
    applier.loop.commit(log.subList(3, 4));
    applier.workers.work();
    assertEquals(List.of("applied 4", "answers 1004"), applier.told, "members did not change");
  }

  @Test
  void aFlushIsDueAfterSoManyEntriesAndNamesTheRoundsPosition() {
    Applier applier = new Applier(new MemoryEngine(Stores.tables()));
    for (int i = 0; i < 60; i++) {
      put("k" + i);
    }
    for (int at = 0; at < 60; at += 10) {
      applier.loop.commit(log.subList(at, at + 10));
      applier.workers.work();
    }
    assertEquals(
        List.of("flush 30", "flush 60"),
        applier.told.stream().filter(line -> line.startsWith("flush")).toList());
  }

  /** However members cut the same log into rounds, everything they store is the same bytes. */
  @Test
  void membersThatGroupTheLogDifferentlyHaveEqualHashes() {
    for (long seed = 1; seed <= 5; seed++) {
      fillLog(seed, 150);
      List<String> states = new ArrayList<>();
      for (int member = 1; member <= 3; member++) {
        Applier applier = new Applier(new MemoryEngine(Stores.tables()));
        applier.feed(new SplittableRandom(seed * 100 + member));
        states.add(applier.state());
      }
      assertEquals(states.get(0), states.get(1), "seed " + seed);
      assertEquals(states.get(0), states.get(2), "seed " + seed);
    }
  }

  /** After each step: what a start finds and replays is what the running member has. */
  @Test
  void replayEqualsLiveAfterEachStep() {
    fillLog(7, 80);
    Applier live = new Applier(new MemoryEngine(Stores.tables()));
    for (int step = 0; step < log.size(); step++) {
      live.loop.commit(log.subList(step, step + 1));
      live.workers.work();
      Applier replayed = new Applier(new MemoryEngine(Stores.tables()));
      replayed.loop.commit(log.subList(0, step + 1));
      replayed.workers.work();
      assertEquals(live.state(), replayed.state(), "after entry " + (step + 1));
    }
  }

  /** Power is lost before each write and flush in turn, also while a snapshot is installed. */
  @Test
  void aCrashBetweenAnyTwoStorageOperationsLosesNothing() {
    for (long seed = 1; seed <= 3; seed++) {
      fillLog(seed, 90);
      Applier whole = new Applier(new MemoryEngine(Stores.tables()));
      whole.loop.commit(log);
      whole.workers.work();
      String expected = whole.state();
      int operations = runWithPower(seed, Integer.MAX_VALUE, expected);
      assertTrue(operations >= 8, "operations: " + operations);
      for (int lost = 0; lost < operations; lost++) {
        runWithPower(seed, lost, expected);
      }
    }
  }

  /**
   * Half of the log, then a snapshot that overtakes some of it, then the rest; the power fails
   * before operation {@code power}. Returns how many operations there were.
   */
  private int runWithPower(long seed, int power, String expected) {
    CrashDisk disk = new CrashDisk();
    SnapshotMetadata snapshot = writeSnapshot(disk, 60);
    String message = "seed " + seed + ", power lost before operation " + power;
    SplittableRandom random = new SplittableRandom(seed);
    MemoryEngine memory = new MemoryEngine(Stores.tables());
    FailingEngine engine = new FailingEngine(memory, power);
    boolean received = false;
    try {
      Applier applier = new Applier(engine, disk);
      applier.commitUpTo(40, random);
      received = true;
      applier.loop.install(snapshot);
      applier.workers.work();
      applier.commitUpTo(log.size(), random);
      assertEquals(expected, applier.state(), message);
    } catch (EngineFailure lost) {
      // the member is gone, with what its last flush did not cover
    }
    MemoryEngine after = memory.crash(random);
    Applier restarted = new Applier(new FailingEngine(after, Integer.MAX_VALUE), disk);
    if (received && restarted.index() < snapshot.position().index()) {
      // as at a start: the mark of a received snapshot is in the log
      restarted.loop.install(snapshot);
      restarted.workers.work();
    }
    restarted.commitUpTo(log.size(), random);
    assertEquals(expected, restarted.state(), message);
    return engine.operationsDone();
  }

  @Test
  void aSnapshotTakesThePlaceOfEverythingAndIsTold() {
    fillLog(3, 70);
    CrashDisk disk = new CrashDisk();
    SnapshotMetadata snapshot = writeSnapshot(disk, 60);
    Applier applier =
        new Applier(new FailingEngine(new MemoryEngine(Stores.tables()), Integer.MAX_VALUE), disk);
    applier.loop.commit(log.subList(0, 2));
    applier.loop.install(snapshot);
    applier.loop.commit(log.subList(60, 70));
    applier.workers.work();
    assertEquals("installed 60", applier.told.get(applier.told.indexOf("installed 60")));
    assertTrue(
        applier.told.indexOf("applied 2") < applier.told.indexOf("installed 60"),
        applier.told.toString());
    assertEquals(70, applier.index());
    applier.loop.prepareSnapshot(2);
    applier.workers.work();
    assertEquals("prepared 70 for 2", applier.told.getLast());
  }

  @Test
  void anEntryThatCanNotBeAppliedStopsTheLoopWithItsNumbers() {
    Applier applier = new Applier(new MemoryEngine(Stores.tables()));
    applier.loop.commit(List.of(new Entry(EntryType.NORMAL, 1, 5, Bytes.EMPTY)));
    IllegalStateException thrown = assertThrows(IllegalStateException.class, applier.workers::work);
    assertTrue(String.valueOf(thrown.getMessage()).contains("5"), thrown.getMessage());
    assertFalse(applier.told.stream().anyMatch(line -> line.startsWith("applied")));
  }

  /** What a member that applied the first {@code count} entries hands to a peer. */
  private SnapshotMetadata writeSnapshot(CrashDisk disk, int count) {
    Applier sender = new Applier(new MemoryEngine(Stores.tables()));
    sender.loop.commit(log.subList(0, count));
    sender.workers.work();
    SnapshotMetadata metadata =
        new SnapshotMetadata(
            StoreMeta.position(sender.engine), StoreMeta.configuration(sender.engine));
    try {
      disk.createDirectories(SNAP);
      try (StateForPeer state =
          sender.desk.write(sender.stores.tree().view(), sender.engine.snapshot())) {
        SnapshotFiles files = new SnapshotFiles(disk, SNAP);
        IncomingDatabase database = files.receiveDatabase(metadata.position().index());
        state.writeDatabase(database::write);
        database.verify();
        database.keep();
        files.save(metadata, state.treeJson());
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return metadata;
  }

  private void fillLog(long seed, int entries) {
    log.clear();
    SplittableRandom random = new SplittableRandom(seed);
    RandomCommands commands = new RandomCommands(seed);
    RandomKeyspaceCommands keys = new RandomKeyspaceCommands(seed);
    add(new MemberCommand.Add(SELF, List.of("http://h:1"), "", false));
    while (log.size() < entries) {
      MemberId id = new MemberId(2 + random.nextInt(3));
      List<String> urls = List.of("http://h" + random.nextInt(5) + ":1");
      switch (random.nextInt(24)) {
        case 0 -> add(new MemberCommand.Add(id, urls, "", random.nextInt(3) == 0));
        case 1 -> add(new MemberCommand.Publish(id, "n" + id, urls));
        case 2 -> add(new MemberCommand.Update(id, urls));
        case 3 -> add(new MemberCommand.SetClusterVersion("3.4.0"));
        case 4 -> log.add(new Entry(EntryType.NORMAL, 1, log.size() + 1L, Bytes.EMPTY));
        case 5 -> add(V3Request.of(alarm(random)));
        case 6, 7, 8, 9, 10, 11, 12, 13, 14 -> add(V3Request.of(keys.next(1 + log.size() / 4)));
        default -> add(commands.next(log.size()));
      }
    }
  }

  private static AlarmCommand alarm(SplittableRandom random) {
    return new AlarmCommand(
        AlarmCommand.Action.values()[random.nextInt(3)], 1 + random.nextInt(2), random.nextInt(3));
  }

  private void put(String key) {
    add(new TreeCommand.Set(Bytes.utf8("/1/" + key), false, Bytes.utf8("x"), 0, false));
  }

  private void add(Command command) {
    EntryCodec.Encoded encoded = EntryCodec.encode(log.size() + 1001L, command);
    log.add(new Entry(encoded.type(), 1, log.size() + 1L, encoded.data()));
  }

  /** A loop with everything around it, and what it told. */
  private final class Applier implements AppliedListener {
    final FailingEngine engine;
    final HandWorkers workers = new HandWorkers();
    final HandTimers timers = new HandTimers();
    final List<String> told = new ArrayList<>();
    final Stores stores;
    final SnapshotDesk desk;
    final ApplyLoop loop;

    Applier(MemoryEngine engine) {
      this(new FailingEngine(engine, Integer.MAX_VALUE), new CrashDisk());
    }

    Applier(FailingEngine engine, CrashDisk disk) {
      this.engine = engine;
      stores = Stores.open(engine, CLUSTER, SELF);
      desk =
          new SnapshotDesk(
              new SnapshotFiles(disk, SNAP), new VirtualWorld(new SplittableRandom(1), 1_000_000));
      loop =
          new ApplyLoop(
              stores,
              desk,
              new Audience(
                  this,
                  new TreeWatches(stores.tree().view()),
                  new KeyspaceAudience() {
                    @Override
                    public void changed(List<KeyEvent> events) {
                      told.add("keys " + events.stream().map(KeyEvent::revision).toList());
                    }

                    @Override
                    public void replaced() {
                      told.add("keys replaced");
                    }
                  },
                  leases -> told.add("leases " + leases),
                  changes -> told.add("tokens " + changes),
                  membership -> told.add("members " + membership.members().keySet()),
                  due -> {
                    told.add("flush " + due.position().index());
                    engine.flush();
                  }),
              new ApplyLoop.Pace(ENTRIES_PER_FLUSH, new HistoryCleaner.Pace(7, Duration.ZERO)),
              new ApplyLoop.Runtime(workers, timers, failure -> {}));
    }

    long index() {
      return StoreMeta.position(engine).index();
    }

    void feed(SplittableRandom random) {
      commitUpTo(log.size(), random);
    }

    /** In commits and rounds of any size. */
    void commitUpTo(int end, SplittableRandom random) {
      for (int at = Math.toIntExact(index()); at < end; ) {
        int next = Math.min(end, at + 1 + random.nextInt(9));
        loop.commit(log.subList(at, next));
        at = next;
        if (random.nextBoolean()) {
          workers.work();
        }
        if (random.nextBoolean()) {
          timers.ring();
        }
      }
      workers.work();
    }

    /**
     * Every record of every table, except the statistics, which a round saves as of its beginning,
     * and what only an installed snapshot writes down: the index and the fixed directories, and how
     * large the history is. Whatever compactions still had to remove is removed first.
     */
    String state() {
      while (stores.keyspace().read(KeyspaceView::cleaned) < stores.keyspace().compacted()) {
        timers.ring();
        workers.work();
      }
      StringBuilder all = new StringBuilder();
      for (Table table : Stores.tables()) {
        try (Cursor cursor = engine.scan(table, KeyRange.ALL, Engine.Order.ASCENDING)) {
          while (cursor.next()) {
            if (NOT_COMPARED.contains(table.name() + " " + cursor.key().utf8())) {
              continue;
            }
            all.append(table.name()).append(' ').append(cursor.key().hex()).append('=');
            all.append(cursor.value().hex()).append('\n');
          }
        }
      }
      return all.toString();
    }

    @Override
    public void applied(LogPosition last, List<Answer> answers) {
      assertEquals(last, StoreMeta.position(engine), "told before it is stored");
      for (Answer answer : answers) {
        if (answer.outcome() instanceof Outcome.TreeChanged) {
          assertTrue(
              stores.tree().view().index() > 0 && answer.logIndex() <= last.index(),
              "told before it is visible");
        }
      }
      told.add("applied " + last.index());
      StringBuilder ids = new StringBuilder("answers");
      answers.forEach(answer -> ids.append(' ').append(answer.requestId()));
      told.add(ids.toString());
    }

    @Override
    public void configurationApplied(long index, ConfState confState) {
      told.add("configuration " + index + " " + confState.voters() + "+" + confState.learners());
    }

    @Override
    public void snapshotInstalled(LogPosition position) {
      assertEquals(position, StoreMeta.position(engine));
      told.add("installed " + position.index());
    }

    @Override
    public void snapshotPrepared(long peer, SnapshotMetadata snapshot, StateForPeer state) {
      state.close();
      told.add("prepared " + snapshot.position().index() + " for " + peer);
    }
  }
}
