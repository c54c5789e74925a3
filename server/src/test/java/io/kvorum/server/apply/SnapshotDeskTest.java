// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.env.CrashDisk;
import io.kvorum.env.DiskFile;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.alarm.AlarmStore;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.V3Command;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.consensus.StateForPeer;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.mvcc.RandomKeyspaceCommands;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.EngineFailure;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.storage.engine.Table;
import io.kvorum.server.storage.snapshot.IncomingDatabase;
import io.kvorum.server.storage.snapshot.SnapshotFiles;
import io.kvorum.server.tree.TreeJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A snapshot that a genuine 3.4.23 leader wrote becomes the state of a member of ours. */
class SnapshotDeskTest {

  private static final Path SNAP = Path.of("/snap");
  private static final MemberId CLUSTER = new MemberId(0xc1);
  private static final MemberId SELF = MemberId.parseHex("9dbe0c97dc7c2dc0");
  private static final LogPosition POSITION = new LogPosition(3, 5419);

  private final CrashDisk disk = new CrashDisk();
  private final SnapshotFiles files = new SnapshotFiles(disk, SNAP);
  private final SnapshotDesk desk = new SnapshotDesk(files, new Standing());
  private final MemoryEngine engine = new MemoryEngine(Stores.tables());

  @BeforeEach
  void theGenuineFileIsThere() throws IOException {
    disk.createDirectories(SNAP);
    try (InputStream in =
            Objects.requireNonNull(
                SnapshotFiles.class.getResourceAsStream("cluster.snap"), "cluster.snap");
        DiskFile file = disk.create(SNAP.resolve("%016x-%016x.snap".formatted(3, 5419)))) {
      file.write(ByteBuffer.wrap(in.readAllBytes()), 0);
      file.sync();
    }
  }

  @Test
  void membersVersionConfigurationAndPositionAreTheRecordedOnes() {
    Stores stores = Stores.open(engine, CLUSTER, SELF);
    desk.install(recorded(), stores);
    stores.publish();
    requireRecorded(stores);
  }

  @Test
  void powerLostAfterTheInstallationFindsAllOfIt() {
    Stores stores = Stores.open(engine, CLUSTER, SELF);
    desk.install(recorded(), stores);
    MemoryEngine later = engine.crash(new SplittableRandom(5));
    requireRecorded(Stores.open(later, CLUSTER, SELF));
  }

  /** Between the database and the rest the store is nobody's state, and must say so. */
  @Test
  void powerLostOnTheWayLeavesAStoreThatSaysSo() {
    receive(5419, Stores.open(new MemoryEngine(Stores.tables()), CLUSTER, SELF));
    int operations = 0;
    int onTheWay = 0;
    for (boolean done = false; !done; operations++) {
      MemoryEngine store = new MemoryEngine(Stores.tables());
      Stores stores = Stores.open(new FailingEngine(store, operations), CLUSTER, SELF);
      try {
        desk.install(recorded(), stores);
        done = true;
      } catch (EngineFailure powerLost) {
        boolean begun = operations > 0;
        boolean ended = StoreMeta.position(store).equals(POSITION);
        assertEquals(begun && !ended, StoreMeta.isInstalling(store), "after " + operations);
        onTheWay += StoreMeta.isInstalling(store) ? 1 : 0;
      }
    }
    assertTrue(onTheWay > 0, "no crash on the way");
  }

  @Test
  void whatWasThereBeforeIsGone() {
    Stores stores = Stores.open(engine, CLUSTER, SELF);
    Round round = new Round(stores, LogPosition.ZERO, ConfState.EMPTY);
    var old =
        io.kvorum.server.command.EntryCodec.encode(
            1,
            new io.kvorum.server.command.MemberCommand.Add(
                new MemberId(77), List.of("http://old:1"), "old", false));
    round.apply(new io.kvorum.raft.Entry(old.type(), 1, 1, old.data()));
    round.write();
    stores.publish();
    assertThrows(
        IllegalStateException.class, () -> desk.install(recorded(), stores), "no database");
    receive(5419, Stores.open(new MemoryEngine(Stores.tables()), CLUSTER, SELF));
    desk.install(recorded(), stores);
    stores.publish();
    requireRecorded(stores);
  }

  @Test
  void removedMembersAreReadFromTheirMirror() {
    String json =
        """
        {"Root":{"Path":"/","Children":{"0":{"Path":"/0","Children":{
         "removed_members":{"Path":"/0/removed_members","Children":{
           "b31c02ac56e1ddb7":{"Path":"/0/removed_members/b31c02ac56e1ddb7","Value":"",\
        "CreatedIndex":7,"ModifiedIndex":7,"Children":null}}},
         "members":{"Path":"/0/members","Children":{}}}},
         "1":{"Path":"/1","Children":{}}}},"CurrentIndex":7,"CurrentVersion":2}\
        """;
    Membership read =
        MirrorReader.read(
            TreeJson.read(new ByteArrayInputStream(Bytes.utf8(json).toArray())), CLUSTER, SELF);
    assertEquals(Set.of(MemberId.parseHex("b31c02ac56e1ddb7")), read.removed());
    assertTrue(read.members().isEmpty());
    assertEquals(Optional.empty(), read.clusterVersion());
  }

  @Test
  void aMissingFileIsABrokenInvariantThatNamesThePosition() {
    Stores stores = Stores.open(engine, CLUSTER, SELF);
    SnapshotMetadata missing = new SnapshotMetadata(new LogPosition(9, 99), ConfState.EMPTY);
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> desk.install(missing, stores));
    assertTrue(String.valueOf(thrown.getMessage()).contains("99"), thrown.getMessage());
    assertEquals(LogPosition.ZERO, StoreMeta.position(engine));
  }

  @Test
  void whatIsWrittenIsReadBackAsTheSame() {
    Stores stores = Stores.open(engine, CLUSTER, SELF);
    desk.install(recorded(), stores);
    stores.publish();
    Bytes written = written(stores);
    MemoryEngine other = new MemoryEngine(Stores.tables());
    Stores copy = Stores.open(other, CLUSTER, SELF);
    SnapshotMetadata again = new SnapshotMetadata(new LogPosition(4, 6000), recorded().confState());
    files.save(again, written);
    desk.install(again, copy);
    copy.publish();
    assertEquals(stores.members().current(), copy.members().current());
    assertEquals(written, written(copy));
  }

  /** All records, also those that genuine members do not have: they follow from the others. */
  @Test
  void dataOfTheV3ApiComeOverWithAllTheirHistory() {
    for (long seed = 1; seed <= 20; seed++) {
      Stores stores = Stores.open(new MemoryEngine(Stores.tables()), CLUSTER, SELF);
      fill(stores, seed, 300);
      Stores copy = Stores.open(new MemoryEngine(Stores.tables()), CLUSTER, SELF);
      fill(copy, seed + 100, 50);
      receive(5419, stores);
      desk.install(recorded(), copy);
      copy.publish();
      assertEquals(records(stores), records(copy), "seed " + seed);
      assertEquals(stores.alarms().current(), copy.alarms().current());
      assertEquals(hash(stores), hash(copy));
      fill(stores, seed + 200, 50);
      fill(copy, seed + 200, 50);
      assertEquals(records(stores), records(copy), "seed " + seed + ", later");
    }
  }

  /** A genuine database goes ahead of its snapshot: what it has already is not done again. */
  @Test
  void v3CommandsThatTheDatabaseHasAlreadyAreNotCarriedOutAgain() {
    Stores further = Stores.open(new MemoryEngine(Stores.tables()), CLUSTER, SELF);
    put(further, 5420, 5421);
    receive(5419, further);
    Stores stores = Stores.open(engine, CLUSTER, SELF);
    desk.install(recorded(), stores);
    assertEquals(3, stores.keyspace().revision());
    put(stores, 5420);
    MemoryEngine restarted = engine.crash();
    Stores again = Stores.open(restarted, CLUSTER, SELF);
    put(again, 5420, 5421, 5422);
    assertEquals(4, again.keyspace().revision());
    put(again, 5423);
    assertEquals(5, again.keyspace().revision());
    assertEquals(0, StoreMeta.v3Index(restarted));
  }

  private static Outcome hash(Stores stores) {
    return stores.keyspace().read(view -> view.hash(0));
  }

  private static void put(Stores stores, long... indexes) {
    for (long index : indexes) {
      Round round =
          new Round(
              stores, new LogPosition(3, index - 1), StoreMeta.configuration(stores.engine()));
      var encoded =
          EntryCodec.encode(
              index, V3Request.of(new KeyspaceCommand.Put(Bytes.utf8("k"), Bytes.utf8("v"))));
      round.apply(new Entry(encoded.type(), 3, index, encoded.data()));
      round.write();
      stores.publish();
    }
  }

  private static void fill(Stores stores, long seed, int count) {
    RandomKeyspaceCommands keys = new RandomKeyspaceCommands(seed);
    V3Commands commands = new V3Commands(stores);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      Batch batch = new Batch();
      V3Command command =
          random.nextInt(20) == 0
              ? new AlarmCommand(
                  AlarmCommand.Action.values()[random.nextInt(3)], 1, random.nextInt(2))
              : keys.next(stores.keyspace().revision());
      commands.carryOut(V3Request.of(command), i + 1, i + 1, batch);
      stores.engine().write(batch);
      stores.publish();
    }
  }

  private void receive(long index, Stores from) {
    IncomingDatabase database = files.receiveDatabase(index);
    try (StateForPeer state = desk.write(from.tree().view(), from.engine().snapshot())) {
      state.writeDatabase(database::write);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    database.verify();
    database.keep();
  }

  private static String records(Stores stores) {
    StringBuilder all = new StringBuilder();
    Set<Table> tables = new LinkedHashSet<>(Keyspace.tables());
    tables.addAll(AlarmStore.tables());
    tables.remove(StoreMeta.TABLE);
    for (Table table : tables) {
      try (Cursor cursor = stores.engine().scan(table, KeyRange.ALL)) {
        while (cursor.next()) {
          all.append(table.name()).append(' ').append(cursor.key().hex()).append('=');
          all.append(cursor.value().hex()).append('\n');
        }
      }
    }
    return all.toString();
  }

  private Bytes written(Stores stores) {
    try (StateForPeer state = desk.write(stores.tree().view(), stores.engine().snapshot())) {
      return state.treeJson();
    }
  }

  private void requireRecorded(Stores stores) {
    Membership members = stores.members().current();
    assertEquals(
        List.of("70402fb9c3e3e4d5", "9dbe0c97dc7c2dc0", "b31c02ac56e1ddb7", "e0cab80370d52a2a"),
        members.members().keySet().stream().map(MemberId::hex).toList());
    Member third = members.find(MemberId.parseHex("70402fb9c3e3e4d5")).orElseThrow();
    assertEquals("m3", third.name());
    assertEquals(List.of("http://127.0.0.1:25813"), third.clientUrls());
    assertTrue(members.members().values().stream().noneMatch(Member::learner));
    assertEquals(Set.of(), members.removed());
    assertEquals(Optional.of("3.4.0"), members.clusterVersion());
    assertEquals(CLUSTER, members.clusterId());
    assertEquals(SELF, members.localId());
    assertEquals(POSITION, StoreMeta.position(stores.engine()));
    assertEquals(4, StoreMeta.configuration(stores.engine()).voters().size());
  }

  private SnapshotMetadata recorded() {
    return files.loadNewest(POSITION::equals).orElseThrow().metadata();
  }

  private static final class Standing implements Clock {
    @Override
    public long unixNanos() {
      return 0;
    }

    @Override
    public long monotonicNanos() {
      return 0;
    }
  }
}
