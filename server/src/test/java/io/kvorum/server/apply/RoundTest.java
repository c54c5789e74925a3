// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.base.MemberId;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.LogPosition;
import io.kvorum.server.alarm.AlarmStore;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.command.LeaseCommand;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.command.V3Command;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.lease.LeaseStore;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.mvcc.RandomKeyspaceCommands;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.storage.engine.Table;
import io.kvorum.server.tree.RandomCommands;
import io.kvorum.server.tree.TreeJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Entries through rounds into one storage batch each. */
class RoundTest {

  private static final MemberId CLUSTER = new MemberId(0xc1);
  private static final MemberId SELF = new MemberId(1);
  private static final MemberId OTHER = new MemberId(2);

  private final List<Entry> log = new ArrayList<>();

  /**
   * Rounds of any size, with power lost before, between and after flushes: the store falls back to
   * an earlier whole round, and going on from the position it says it has leads to the same state.
   */
  @Test
  void replayEqualsLiveAfterEachCrash() {
    for (long seed = 1; seed <= 8; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      log.clear();
      fillLog(seed, random);
      List<String> live = statesAfterEachEntry();
      MemoryEngine engine = new MemoryEngine(Stores.tables());
      int crashes = 0;
      while (StoreMeta.position(engine).index() < log.size() || crashes < 5) {
        Stores stores = Stores.open(engine, CLUSTER, SELF);
        long applied = StoreMeta.position(engine).index();
        assertEquals(live.get((int) applied), state(stores), "seed " + seed + ", at " + applied);
        for (int rounds = random.nextInt(5); rounds >= 0 && applied < log.size(); rounds--) {
          applied = apply(stores, applied, 1 + random.nextInt(12));
          assertEquals(live.get((int) applied), state(stores), "seed " + seed + ", at " + applied);
          if (random.nextInt(3) == 0) {
            engine.flush();
          }
        }
        engine = engine.crash(random);
        crashes++;
        if (crashes > 200) {
          engine.flush();
          break;
        }
      }
    }
  }

  @Test
  void aRoundThatWasNotWrittenIsAsIfItNeverWas() {
    MemoryEngine engine = new MemoryEngine(Stores.tables());
    Stores stores = Stores.open(engine, CLUSTER, SELF);
    add(new MemberCommand.Add(SELF, List.of("http://a:1"), "a", false));
    add(new TreeCommand.Set(Bytes.utf8("/1/a"), false, Bytes.utf8("x"), 0, false));
    Round round = new Round(stores, LogPosition.ZERO, ConfState.EMPTY);
    log.forEach(round::apply);
    String empty = state(Stores.open(new MemoryEngine(Stores.tables()), CLUSTER, SELF));
    assertEquals(empty, state(Stores.open(engine, CLUSTER, SELF)));
    round.write();
    stores.publish();
    assertEquals(new LogPosition(1, 2), StoreMeta.position(engine));
    assertEquals(ConfState.of(List.of(1L), List.of()), StoreMeta.configuration(engine));
    assertEquals(state(stores), state(Stores.open(engine, CLUSTER, SELF)));
  }

  @Test
  void anEntryOutOfTurnIsABrokenInvariantThatNamesBothPositions() {
    Round round = new Round(newStores(), new LogPosition(1, 5), ConfState.EMPTY);
    Entry wrong = new Entry(EntryType.NORMAL, 1, 7, Bytes.EMPTY);
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> round.apply(wrong));
    assertTrue(String.valueOf(thrown.getMessage()).contains("7"), thrown.getMessage());
    assertTrue(String.valueOf(thrown.getMessage()).contains("5"), thrown.getMessage());
  }

  @Test
  void aRefusedChangeGoesToRaftAsAChangeOfNobodyAndIsStillReported() {
    Stores stores = newStores();
    add(new MemberCommand.Add(SELF, List.of("http://a:1"), "a", false));
    add(new MemberCommand.Add(OTHER, List.of("http://a:1"), "b", false));
    add(new MemberCommand.Remove(new MemberId(99)));
    Round round = new Round(stores, LogPosition.ZERO, ConfState.EMPTY);
    log.forEach(round::apply);
    ConfState alone = ConfState.of(List.of(1L), List.of());
    assertEquals(
        List.of(
            new Round.Configured(1, alone),
            new Round.Configured(2, alone),
            new Round.Configured(3, alone)),
        round.configured());
    assertInstanceOf(Outcome.Done.class, round.answers().get(0).outcome());
    assertInstanceOf(Outcome.Refused.class, round.answers().get(1).outcome());
    assertInstanceOf(Outcome.Refused.class, round.answers().get(2).outcome());
  }

  @Test
  void theLastMemberIsRemovedWithoutLeavingAClusterOfNobody() {
    Stores stores = newStores();
    add(new MemberCommand.Add(SELF, List.of("http://a:1"), "a", false));
    add(new MemberCommand.Remove(SELF));
    add(new TreeCommand.Set(Bytes.utf8("/1/a"), false, Bytes.utf8("x"), 0, false));
    Round round = new Round(stores, LogPosition.ZERO, ConfState.EMPTY);
    log.forEach(round::apply);
    round.write();
    stores.publish();
    assertEquals(ConfState.of(List.of(1L), List.of()), round.confState());
    assertTrue(stores.members().current().removed().contains(SELF));
  }

  @Test
  void anEmptyEntryMovesThePositionAndAnswersNobody() {
    Round round = new Round(newStores(), LogPosition.ZERO, ConfState.EMPTY);
    round.apply(new Entry(EntryType.NORMAL, 4, 1, Bytes.EMPTY));
    assertEquals(new LogPosition(4, 1), round.position());
    assertEquals(List.of(), round.answers());
  }

  /** X-Etcd-Index: one per membership change, two per removal, none for a refusal. */
  @Test
  void membershipTakesIndexesFromTheOneSequence() {
    Stores stores = newStores();
    assertIndexAfter(1, stores, new MemberCommand.Add(SELF, List.of("http://a:1"), "a", false));
    assertIndexAfter(2, stores, new MemberCommand.Add(OTHER, List.of("http://b:1"), "b", false));
    assertIndexAfter(3, stores, new MemberCommand.Publish(SELF, "a", List.of("http://a:2")));
    assertIndexAfter(4, stores, new MemberCommand.SetClusterVersion("3.4.0"));
    assertIndexAfter(5, stores, new MemberCommand.Update(OTHER, List.of("http://b:2")));
    assertIndexAfter(5, stores, new MemberCommand.Update(OTHER, List.of("http://a:1")));
    assertIndexAfter(7, stores, new MemberCommand.Remove(OTHER));
    assertIndexAfter(
        8, stores, new TreeCommand.Set(Bytes.utf8("/1/a"), false, Bytes.EMPTY, 0, false));
  }

  private void assertIndexAfter(long index, Stores stores, Command command) {
    add(command);
    apply(stores, log.size() - 1, 1);
    assertEquals(index, stores.tree().view().index(), command.toString());
  }

  private void fillLog(long seed, SplittableRandom random) {
    RandomCommands commands = new RandomCommands(seed);
    RandomKeyspaceCommands keys = new RandomKeyspaceCommands(seed);
    for (int i = 0; i < 200; i++) {
      MemberId id = new MemberId(1 + random.nextInt(4));
      List<String> urls = List.of("http://h" + random.nextInt(5) + ":1");
      switch (random.nextInt(20)) {
        case 0 -> add(new MemberCommand.Add(id, urls, "n", random.nextInt(3) == 0));
        case 1 -> add(new MemberCommand.Publish(id, "n" + id, urls));
        case 2 -> add(new MemberCommand.Update(id, urls));
        case 3 ->
            add(
                random.nextInt(3) == 0
                    ? new MemberCommand.Remove(id)
                    : new MemberCommand.SetClusterVersion("3.4.0"));
        case 4 -> log.add(new Entry(EntryType.NORMAL, 1, log.size() + 1L, Bytes.EMPTY));
        case 5 -> add(V3Request.of(alarm(random)));
        case 6 -> add(V3Request.of(new V3Command.SetDowngrade(random.nextBoolean(), "3.3.0")));
        case 7 -> add(V3Request.of(lease(random)));
        case 8, 9, 10, 11, 12, 13 -> add(V3Request.of(keys.next(1 + i / 4)));
        default -> add(commands.next(i));
      }
    }
  }

  /** Of the few ids that {@link RandomKeyspaceCommands} puts keys on. */
  private static LeaseCommand lease(SplittableRandom random) {
    long id = List.of(1L, -2L, 3L).get(random.nextInt(3));
    return switch (random.nextInt(4)) {
      case 0 -> new LeaseCommand.Revoke(id);
      case 1 ->
          new LeaseCommand.Checkpoint(List.of(new LeaseCommand.Remaining(id, random.nextInt(9))));
      default -> new LeaseCommand.Grant(id, random.nextInt(100));
    };
  }

  /** Ends as many as it raises, so that the keyspace is not closed for ever. */
  private static AlarmCommand alarm(SplittableRandom random) {
    return new AlarmCommand(
        AlarmCommand.Action.values()[random.nextInt(3)], 1 + random.nextInt(2), random.nextInt(3));
  }

  private void add(Command command) {
    EntryCodec.Encoded encoded = EntryCodec.encode(log.size() + 1000L, command);
    log.add(new Entry(encoded.type(), 1, log.size() + 1L, encoded.data()));
  }

  private List<String> statesAfterEachEntry() {
    Stores stores = newStores();
    List<String> states = new ArrayList<>(List.of(state(stores)));
    for (int i = 0; i < log.size(); i++) {
      apply(stores, i, 1);
      states.add(state(stores));
    }
    return states;
  }

  private long apply(Stores stores, long applied, int count) {
    Round round =
        new Round(
            stores, StoreMeta.position(stores.engine()), StoreMeta.configuration(stores.engine()));
    long end = Math.min(applied + count, log.size());
    for (long i = applied; i < end; i++) {
      round.apply(log.get((int) i));
    }
    round.write();
    stores.publish();
    stores.tree().takeEvents();
    stores.keyspace().takeEvents();
    stores.leases().takeChanges();
    return end;
  }

  private static Stores newStores() {
    return Stores.open(new MemoryEngine(Stores.tables()), CLUSTER, SELF);
  }

  /**
   * Everything a member knows: the tree with its history, the members, the configuration, and the
   * records of all stores of the v3 API.
   */
  private static String state(Stores stores) {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try {
      TreeJson.write(stores.tree().view(), json, 0);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    String text = Bytes.wrap(json.toByteArray()).utf8();
    return text.substring(0, text.indexOf("\"Stats\""))
        + stores.members().current()
        + StoreMeta.configuration(stores.engine())
        + stores.alarms().current()
        + stores.keyspace().read(view -> view.revision() + " " + view.compacted())
        + records(stores.engine());
  }

  private static String records(Engine engine) {
    StringBuilder all = new StringBuilder();
    List<Table> tables = new ArrayList<>(Keyspace.tables());
    tables.addAll(LeaseStore.tables());
    tables.addAll(AlarmStore.tables());
    for (Table table : tables) {
      if (!table.equals(StoreMeta.TABLE)) {
        try (Cursor cursor = engine.scan(table, KeyRange.ALL)) {
          while (cursor.next()) {
            all.append(table.name()).append(' ').append(cursor.key().hex()).append('=');
            all.append(cursor.value().hex()).append('\n');
          }
        }
      }
    }
    return all.toString();
  }
}
