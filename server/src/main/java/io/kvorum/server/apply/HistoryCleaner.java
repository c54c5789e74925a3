// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.env.Timers;
import io.kvorum.env.Worker;
import io.kvorum.env.Workers;
import io.kvorum.server.mvcc.CompactionStep;
import io.kvorum.server.mvcc.KeyspaceView;
import io.kvorum.server.storage.engine.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Removes the records that compactions made unreachable, in the background.
 *
 * <pre>
 *   a compaction is applied ─▶ own thread: finds a piece ─▶ apply thread: removes it
 *                                  ▲                              │
 *                                  └────── after a pause ◀────────┘
 * </pre>
 *
 * <p>Removal changes no answer of anybody, so members do it at their own pace. A pause between
 * pieces of bounded size leaves the disk and the apply thread to requests. How far it came is in
 * the store; after a crash it goes on from there.
 */
public final class HistoryCleaner {

  /**
   * How fast it goes.
   *
   * @param records looked at for one piece, about
   * @param pause between two pieces
   */
  public record Pace(int records, Duration pause) {

    /** etcd's. */
    public static final Pace DEFAULT = new Pace(1000, Duration.ofMillis(10));
  }

  /** What to remove next. */
  record Piece(CompactionStep step, long epoch) {}

  private final Stores stores;
  private final Pace pace;
  private final Timers timers;
  private final Worker<Long> finder;
  private final Consumer<Piece> toApply;
  private final NavigableMap<Long, List<CompletableFuture<Void>>> waiting = new TreeMap<>();
  private long finished;
  private long scheduled;
  private long epoch;
  private boolean underWay;

  /**
   * Starts its thread, which waits for {@link #look}.
   *
   * @param toApply has {@link #remove} called with the piece, on the apply thread
   */
  HistoryCleaner(
      Stores stores,
      Pace pace,
      Timers timers,
      Workers workers,
      Consumer<Piece> toApply,
      Consumer<Throwable> onFailure) {
    this.stores = stores;
    this.pace = pace;
    this.timers = timers;
    this.toApply = toApply;
    finished = stores.keyspace().read(KeyspaceView::cleaned);
    scheduled = finished;
    finder = workers.start("clean-up", 1, this::find, onFailure);
  }

  void stop() throws InterruptedException {
    finder.stop();
    finder.awaitEnd();
  }

  /** Begins if there is something to remove. The apply thread, after each round. */
  void look() {
    long compacted = stores.keyspace().compacted();
    if (compacted > scheduled) {
      scheduled = compacted;
      if (!underWay) {
        underWay = true;
        finder.put(epoch);
      }
    }
  }

  /** Everything is another state now: forgets the piece under way. The apply thread. */
  void startOver() {
    epoch++;
    underWay = false;
    scheduled = stores.keyspace().read(KeyspaceView::cleaned);
    told(scheduled);
    look();
  }

  private void find(List<Long> epochs) {
    stores
        .keyspace()
        .read(view -> view.nextCompactionStep(pace.records()))
        .ifPresent(step -> toApply.accept(new Piece(step, epochs.getLast())));
  }

  /** Removes a piece. The apply thread, between two rounds. */
  void remove(Piece piece) {
    if (piece.epoch() != epoch) {
      return;
    }
    Batch batch = new Batch();
    stores.keyspace().carryOut(piece.step(), batch);
    stores.engine().write(batch);
    stores.keyspace().publish();
    long cleaned = stores.keyspace().read(KeyspaceView::cleaned);
    told(cleaned);
    if (cleaned < stores.keyspace().compacted()) {
      long now = epoch;
      timers.after(pace.pause(), () -> finder.put(now));
    } else {
      underWay = false;
    }
  }

  /** Ends when nothing is left that the compaction at {@code revision} removes. Any thread. */
  public CompletableFuture<Void> cleaned(long revision) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    synchronized (waiting) {
      if (revision > finished) {
        waiting.computeIfAbsent(revision, absent -> new ArrayList<>()).add(done);
        return done;
      }
    }
    done.complete(null);
    return done;
  }

  private void told(long cleaned) {
    List<CompletableFuture<Void>> done = new ArrayList<>();
    synchronized (waiting) {
      finished = Math.max(finished, cleaned);
      NavigableMap<Long, List<CompletableFuture<Void>>> reached = waiting.headMap(finished, true);
      reached.values().forEach(done::addAll);
      reached.clear();
    }
    done.forEach(each -> each.complete(null));
  }
}
