// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Compare;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.KeyspaceCommand.DeleteRange;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.KeyspaceCommand.Txn;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hashes that genuine members of etcd 3.4.23 told. */
class HistoryHashTest {

  private static final long LEASE = 7_587_870_000_000_001L;
  private static final Outcome COMPACTED =
      new Outcome.Refused(new Refusal.Keyspace(Refusal.Keyspace.Reason.COMPACTED));

  private final LoneKeyspace keyspace = new LoneKeyspace();

  @Test
  void afterEachOperationOfARecordedConversation() {
    expect(put("a", "1"), 2587454935L, -1);
    expect(put("b", "2"), 1827592406L, -1);
    expect(put("b", "3"), 1786132645L, -1);
    expect(delete("a"), 779753362L, -1);
    expect(delete("nope"), 779753362L, -1);
    keyspace.leases.add(LEASE);
    expect(put("c", "leased", LEASE), 3421731501L, -1);
    Txn txn =
        new Txn(
            List.of(Compare.value(utf8("b"), Compare.Relation.EQUAL, utf8("3"))),
            List.of(put("d", "4"), put("e", "5"), delete("b")),
            List.of());
    expect(txn, 3763233798L, -1);
    Txn failing =
        new Txn(
            List.of(Compare.value(utf8("d"), Compare.Relation.EQUAL, utf8("zzz"))),
            List.of(put("d", "x")),
            List.of());
    expect(failing, 3763233798L, -1);
    expect(new DeleteRange(utf8("d"), utf8("f"), false), 752244189L, -1);
    expect(put("z", "1", 99), 752244189L, -1);
    expect(put("f", "1"), 4095662443L, -1);
    expect(put("f", "2"), 2352182988L, -1);
    expect(new Compact(7, true), 1148335563L, 7);
    expect(new Compact(7, true), 1148335563L, 7);
    expect(new Compact(7000, true), 1148335563L, 7);
    expect(put("g", "1"), 684992886L, 7);
    assertEquals(1, keyspace.revoke(LEASE));
    assertHash(1198370525L, 7, 0);
    expect(delete("g"), 3802219044L, 7);
    expect(new Compact(12, true), 2617964145L, 12);
    expect(put("h", "1"), 1355854647L, 12);
    assertHash(2617964145L, 12, 13);
    assertEquals(COMPACTED, keyspace.hash(11));
  }

  @Test
  void atRevisionsBehindEachCompactionOfAnotherOne() {
    for (KeyspaceCommand command :
        List.of(
            put("a", "1"),
            put("b", "1"),
            put("a", "2"),
            delete("b"),
            put("c", "1"),
            put("a", "3"),
            delete("c"),
            put("b", "5"),
            delete("a"),
            put("d", "1"),
            put("b", "6"))) {
      keyspace.apply(command);
    }
    assertHashes(-1, 1179484354L, 410651257L, 692502416L);
    compactTo(5);
    assertHashes(5, 1261188945L, 3506148293L, 2222371084L);
    compactTo(8);
    assertHashes(8, 1873784489L, 732446058L, 1692497186L);
    keyspace.apply(new Compact(10, false));
    keyspace.removeCompacted();
    assertHash(3841903111L, 10, 12);
    assertHash(966649128L, 10, 11);
    assertEquals(COMPACTED, keyspace.hash(9));
  }

  private void compactTo(long revision) {
    keyspace.apply(new Compact(revision, false));
  }

  /** Whether the compacted records are there still must not matter. */
  private void assertHashes(long compacted, long at12, long at11, long at9) {
    for (int i = 0; i < 2; i++) {
      assertHash(at12, compacted, 12);
      assertHash(at11, compacted, 11);
      assertHash(at9, compacted, 9);
      keyspace.removeCompacted();
    }
  }

  private void expect(KeyspaceCommand command, long hash, long compacted) {
    keyspace.apply(command);
    assertHash(hash, compacted, 0);
  }

  private void assertHash(long hash, long compacted, long at) {
    Outcome outcome = keyspace.hash(at);
    if (outcome instanceof Outcome.Keyspace(KeyspaceResult.Hash told)) {
      assertEquals(hash, Integer.toUnsignedLong(told.hash()));
      assertEquals(compacted, told.compactRevision());
      assertEquals(at == 0 ? told.revision() : at, told.hashRevision());
    } else {
      throw new AssertionError("no hash: " + outcome);
    }
  }

  private static Put put(String key, String value) {
    return new Put(utf8(key), utf8(value));
  }

  private static Put put(String key, String value, long lease) {
    return new Put(utf8(key), utf8(value), lease, false, false, false);
  }

  private static DeleteRange delete(String key) {
    return new DeleteRange(utf8(key), Bytes.EMPTY, false);
  }

  private static Bytes utf8(String text) {
    return Bytes.utf8(text);
  }
}
