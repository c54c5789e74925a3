// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.base.MemberId;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.KeyspaceCommand.Compact;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.MemoryEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What compactions made unreachable goes piece by piece, and whoever waits for that is told. */
class HistoryCleanerTest {

  private static final int RECORDS = 10;

  private final MemoryEngine engine = new MemoryEngine(Stores.tables());
  private final HandWorkers workers = new HandWorkers();
  private final HandTimers timers = new HandTimers();
  private final List<HistoryCleaner.Piece> pieces = new ArrayList<>();
  private Stores stores = Stores.open(engine, new MemberId(9), new MemberId(1));
  private HistoryCleaner cleaner = cleaner();

  @Test
  void eachPieceIsSmallAndNoneFollowsBeforeThePause() {
    fill();
    cleaner.look();
    int pauses = 0;
    for (long before = records(); before > 5; pauses++) {
      workers.work();
      assertEquals(1, pieces.size());
      cleaner.remove(pieces.removeFirst());
      workers.work();
      assertEquals(List.of(), pieces, "no piece before the pause is over");
      long after = records();
      assertTrue(before - after <= 2 * RECORDS, before + " to " + after);
      before = after;
      timers.ring();
    }
    assertTrue(pauses > 20, "pieces: " + pauses);
    assertEquals(5, records());
  }

  @Test
  void whoWaitsIsToldWhenAllIsGoneAndNotBefore() {
    CompletableFuture<Void> never = cleaner.cleaned(10_000);
    fill();
    CompletableFuture<Void> done = cleaner.cleaned(stores.keyspace().compacted());
    cleaner.look();
    workers.work();
    cleaner.remove(pieces.removeFirst());
    assertFalse(done.isDone());
    finish();
    assertTrue(done.isDone());
    assertTrue(cleaner.cleaned(stores.keyspace().compacted()).isDone(), "at once, later on");
    assertFalse(never.isDone());
  }

  @Test
  void aRestartGoesOnWhereItWas() {
    fill();
    cleaner.look();
    workers.work();
    cleaner.remove(pieces.removeFirst());
    long left = records();
    stores = Stores.open(engine, new MemberId(9), new MemberId(1));
    cleaner = cleaner();
    pieces.clear();
    cleaner.look();
    workers.work();
    cleaner.remove(pieces.removeFirst());
    assertTrue(records() < left, left + " to " + records());
    timers.ring();
    finish();
    assertEquals(5, records());
  }

  @Test
  void aPieceOfAStateThatWasReplacedIsDropped() {
    fill();
    cleaner.look();
    workers.work();
    HistoryCleaner.Piece old = pieces.removeFirst();
    long before = records();
    cleaner.startOver();
    cleaner.remove(old);
    assertEquals(before, records());
    finish();
    assertEquals(5, records());
  }

  private void finish() {
    for (int i = 0; i < 1000 && records() > 5; i++) {
      workers.work();
      List.copyOf(pieces).forEach(cleaner::remove);
      pieces.clear();
      timers.ring();
    }
  }

  private HistoryCleaner cleaner() {
    return new HistoryCleaner(
        stores,
        new HistoryCleaner.Pace(RECORDS, Duration.ofMillis(10)),
        timers,
        workers,
        pieces::add,
        failure -> {});
  }

  /** 500 versions of five keys, compacted at the newest. */
  private void fill() {
    for (int i = 0; i < 500; i++) {
      apply(new Put(Bytes.utf8("k" + i % 5), Bytes.utf8("v" + i)));
    }
    apply(new Compact(stores.keyspace().revision(), true));
  }

  private void apply(KeyspaceCommand command) {
    Batch batch = new Batch();
    new V3Commands(stores).carryOut(V3Request.of(command), 1, 1, batch);
    engine.write(batch);
    stores.publish();
  }

  private long records() {
    long count = 0;
    try (Cursor cursor = engine.scan(Keyspace.RECORDS, KeyRange.ALL)) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }
}
