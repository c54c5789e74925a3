// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.command.KeyValue;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Keyspace.Reason;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Cursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyspaceTest {

  private static final Bytes ALL = Bytes.wrap(new byte[1]);

  private final LoneKeyspace lone = new LoneKeyspace();

  @Test
  void recordsAreThoseOfEtcd() {
    // Bytes of a genuine file: a put at revision 8, a deletion at revision 19.
    for (int i = 2; i < 8; i++) {
      lone.apply(put("a1", ""));
    }
    lone.apply(put("k", "stdin-is-used"));
    for (int i = 9; i < 19; i++) {
      lone.apply(put("a1", ""));
    }
    lone.apply(delete("a1"));
    List<String> records = new ArrayList<>();
    try (Cursor cursor = lone.engine.scan(KeyspaceRecords.KEY, KeyRange.ALL)) {
      while (cursor.next()) {
        records.add(cursor.key().hex() + " " + cursor.value().hex());
      }
    }
    assertEquals(
        "00000000000000085f0000000000000000" + " 0a016b1008180820012a0d737464696e2d69732d75736564",
        records.get(6));
    assertEquals("00000000000000135f000000000000000074 0a026131", records.getLast());
  }

  @Test
  void theRevisionOfAnEmptyKeyspaceIsOne() {
    assertEquals(1, lone.keyspace.revision());
    assertEquals(range(1, List.of(), 0), lone.range(all()));
    lone.restart();
    assertEquals(1, lone.keyspace.revision());
    lone.apply(delete("nothing"));
    assertEquals(1, lone.keyspace.revision());
  }

  @Test
  void readersSeeARoundOnlyWhenItIsPublished() {
    Batch batch = new Batch();
    lone.keyspace.apply(put("a", "1"), lease -> false, batch);
    assertEquals(range(1, List.of(), 0), lone.range(all()));
    lone.engine.write(batch);
    assertEquals(range(1, List.of(), 0), lone.range(all()));
    lone.keyspace.publish();
    assertEquals(range(2, List.of(kv("a", 2, 2, 1, "1")), 1), lone.range(all()));
  }

  @Test
  void aViewThatIsReadStaysWhileTheKeyspaceGoesOn() {
    lone.apply(put("a", "1"));
    lone.keyspace.read(
        view -> {
          lone.apply(put("a", "2"));
          lone.apply(new Compact(3, false));
          lone.removeCompacted();
          assertEquals(2, view.revision());
          assertEquals(range(2, List.of(kv("a", 2, 2, 1, "1")), 1), view.range(all()));
          return view;
        });
    assertEquals(range(3, List.of(kv("a", 2, 3, 2, "2")), 1), lone.range(all()));
  }

  @Test
  void theLimitCutsWhatItMust() {
    for (String key : List.of("a", "b", "c")) {
      lone.apply(put(key, "1"));
    }
    KeyspaceResult.Range two = (KeyspaceResult.Range) done(lone.range(all().atMost(2)));
    assertTrue(two.more());
    assertEquals(3, two.count());
    KeyspaceResult.Range three = (KeyspaceResult.Range) done(lone.range(all().atMost(3)));
    assertFalse(three.more());
    assertEquals(3, three.found().size());
  }

  @Test
  void aTransactionThatIsRefusedChangesNothing() {
    RangeQuery future = all().at(9);
    Outcome outcome = lone.apply(new Txn(List.of(), List.of(put("a", "1"), future), List.of()));
    assertEquals(refused(Reason.FUTURE_REVISION), outcome);
    Put leased = new Put(utf8("b"), utf8("1"), 7, false, false, false);
    assertEquals(
        refused(Reason.LEASE_NOT_FOUND),
        lone.apply(new Txn(List.of(), List.of(put("a", "1"), leased), List.of())));
    assertEquals(1, lone.keyspace.revision());
    assertEquals(List.of(), lone.keyspace.takeEvents());
  }

  @Test
  void oneRevisionForATransactionWithSubRevisionsInOrder() {
    Txn inner = new Txn(List.of(), List.of(put("b", "2"), delete("a")), List.of());
    Txn txn = new Txn(List.of(), List.of(put("a", "1"), inner, all()), List.of());
    KeyspaceResult.Txn result = (KeyspaceResult.Txn) done(lone.apply(txn));
    assertEquals(2, result.revision());
    assertEquals(
        new KeyspaceResult.Range(2, List.of(kv("b", 2, 2, 1, "2")), false, 1),
        result.results().get(2));
    assertEquals(
        List.of(
            new KeyEvent(KeyEvent.Kind.PUT, kv("a", 2, 2, 1, "1"), Optional.empty()),
            new KeyEvent(KeyEvent.Kind.PUT, kv("b", 2, 2, 1, "2"), Optional.empty()),
            new KeyEvent(KeyEvent.Kind.DELETE, KeyValue.deleted(utf8("a"), 2), Optional.empty())),
        lone.keyspace.takeEvents());
  }

  @Test
  void aTransactionThatOnlyReadsNeedsNoLog() {
    lone.apply(put("a", "1"));
    Txn txn = new Txn(List.of(), List.of(all(), all().at(1)), List.of());
    KeyspaceResult.Txn result =
        (KeyspaceResult.Txn) done(lone.keyspace.read(view -> view.txn(txn)));
    assertEquals(1, ((KeyspaceResult.Range) result.results().getFirst()).count());
    assertEquals(0, ((KeyspaceResult.Range) result.results().getLast()).count());
  }

  @Test
  void aLeaseKnowsItsKeysAndTakesThemWithIt() {
    lone.leases.add(5L);
    lone.leases.add(-5L);
    for (String key : List.of("b", "a", "c")) {
      lone.apply(new Put(utf8(key), utf8("1"), 5, false, false, false));
    }
    lone.apply(new Put(utf8("b"), utf8("1"), -5, false, false, false));
    lone.apply(new Put(utf8("d"), utf8("1"), 0, false, false, false));
    assertEquals(List.of(utf8("a"), utf8("c")), lone.keyspace.read(view -> view.attached(5)));
    assertEquals(List.of(utf8("b")), lone.keyspace.read(view -> view.attached(-5)));
    assertEquals(2, lone.revoke(5));
    assertEquals(7, lone.keyspace.revision());
    assertEquals(0, lone.revoke(5));
    assertEquals(7, lone.keyspace.revision());
  }

  @Test
  void compactionIsBoundedAndLeavesNothingBehind() {
    for (int i = 0; i < 10; i++) {
      lone.apply(put("a", "" + i));
      lone.apply(put("b" + i, "1"));
      lone.apply(delete("b" + i));
    }
    long before = lone.keyspace.read(KeyspaceView::historyBytes);
    lone.apply(new Compact(31, false));
    assertEquals(refused(Reason.COMPACTED), lone.range(all().at(30)));
    assertTrue(lone.removeCompacted() > 10, "many small steps");
    assertTrue(lone.keyspace.read(KeyspaceView::historyBytes) < before / 5);
    lone.apply(put("a", "last"));
    lone.apply(new Compact(32, false));
    lone.removeCompacted();
    assertEquals(1, count(KeyspaceRecords.KEY));
    assertEquals(0, count(KeyspaceRecords.OLD));
    lone.restart();
    assertEquals(32, lone.keyspace.revision());
    assertEquals(
        17 + kv("a", 2, 32, 11, "last").encoded().length(),
        lone.keyspace.read(KeyspaceView::historyBytes));
  }

  @Test
  void historyEndsAtABoundAndGoesOnFromThere() {
    for (int i = 0; i < 10; i++) {
      lone.apply(put("a", "" + i));
    }
    History first = lone.keyspace.read(view -> view.history(3, 4, 1 << 20, true)).orElseThrow();
    assertEquals(7, first.next());
    assertEquals(4, first.events().size());
    assertEquals(Optional.of(kv("a", 2, 2, 1, "0")), first.events().getFirst().previous());
    History rest = lone.keyspace.read(view -> view.history(7, 100, 1 << 20, false)).orElseThrow();
    assertEquals(12, rest.next());
    assertEquals(5, rest.events().size());
    lone.apply(new Compact(5, false));
    assertEquals(Optional.empty(), lone.keyspace.read(view -> view.history(4, 4, 1 << 20, true)));
  }

  @Test
  void keysWithZeroBytesKeepTheirOrder() {
    List<byte[]> keys =
        List.of(
            new byte[] {0},
            new byte[] {0, 0},
            new byte[] {0, 1},
            new byte[] {0, -1},
            new byte[] {'a'},
            new byte[] {'a', 0},
            new byte[] {'a', 0, 1},
            new byte[] {'a', 1},
            new byte[] {'b'},
            new byte[] {-1});
    Bytes before = Bytes.EMPTY;
    for (byte[] bytes : keys) {
      Bytes key = Bytes.wrap(bytes);
      Bytes pointer = KeyspaceRecords.pointer(key, KeyspaceRecords.revisionKey(256, 1));
      assertTrue(pointer.compareTo(before) > 0, pointer::hex);
      Bytes prefix = pointer.slice(0, KeyspaceRecords.prefixLength(pointer));
      assertEquals(key, KeyspaceRecords.userKey(prefix));
      before = pointer;
    }
  }

  @Test
  void aLongSubRevisionIsKept() {
    KeyValue kv = kv("a", 2, 2, 1, "1");
    for (long sub : List.of(0L, 1L, 127L, 128L, 300L, 1_000_000L)) {
      assertEquals(
          new KeyspaceRecords.Newest(kv, sub),
          KeyspaceRecords.newest(KeyspaceRecords.newest(kv, sub)));
    }
  }

  private int count(io.kvorum.server.storage.engine.Table table) {
    int count = 0;
    try (Cursor cursor = lone.engine.scan(table, KeyRange.ALL)) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  private static KeyspaceResult done(Outcome outcome) {
    return ((Outcome.Keyspace) outcome).result();
  }

  private static Outcome range(long revision, List<KeyValue> found, long count) {
    return new Outcome.Keyspace(new KeyspaceResult.Range(revision, found, false, count));
  }

  private static Outcome refused(Reason reason) {
    return new Outcome.Refused(new Refusal.Keyspace(reason));
  }

  private static RangeQuery all() {
    return RangeQuery.of(ALL, ALL);
  }

  private static KeyValue kv(String key, long create, long mod, long version, String value) {
    return KeyValue.of(utf8(key), create, mod, version, utf8(value), 0);
  }

  private static Put put(String key, String value) {
    return new Put(utf8(key), utf8(value));
  }

  private static KeyspaceCommand.DeleteRange delete(String key) {
    return new DeleteRange(utf8(key), Bytes.EMPTY, false);
  }

  private static Bytes utf8(String text) {
    return Bytes.utf8(text);
  }
}
