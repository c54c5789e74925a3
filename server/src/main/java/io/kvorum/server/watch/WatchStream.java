// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.WatchEvents;
import io.kvorum.server.command.WatchNotice;
import io.kvorum.server.command.WatchNotice.Reason;
import io.kvorum.server.command.WatchQuery;
import io.kvorum.server.mvcc.KeyspaceView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The watchers of one client, and what they are told. As long as the client reads, {@link #pump}
 * tells what there is; when it does not, nothing is taken for it, and its watchers go on later from
 * where they stand.
 *
 * <p>Used by one thread; the listener given to {@link KeyspaceWatches#open} is called by others.
 */
public final class WatchStream implements AutoCloseable {

  /** After so many messages others have their turn. */
  private static final int TURN_MAX = 64;

  private final KeyspaceWatches watches;
  private final Consumer<WatchNotice> tell;
  private final BooleanSupplier isFull;
  private final Runnable ready;
  private final Map<Long, KeyspaceWatcher> watchers = new HashMap<>();
  private final Queue<KeyspaceWatcher> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean called = new AtomicBoolean();
  private final List<KeyspaceWatcher> late = new ArrayList<>();
  private CatchUp.@Nullable Job job;
  private volatile CatchUp.@Nullable Job done;
  private long nextId;
  private boolean progressWanted;
  private boolean closed;

  WatchStream(
      KeyspaceWatches watches, Consumer<WatchNotice> tell, BooleanSupplier isFull, Runnable ready) {
    this.watches = watches;
    this.tell = tell;
    this.isFull = isFull;
    this.ready = ready;
  }

  // --- what the client asks for ---

  /** Makes a watcher; tells that, or why not. */
  public void create(WatchQuery query) {
    long[] state = watches.store().read(view -> new long[] {view.revision(), view.compacted()});
    long revision = state[0];
    Optional<Reason> fault = fault(query);
    if (fault.isPresent()) {
      tell.accept(new WatchNotice.Refused(fault.get(), revision));
      return;
    }
    long cursor = query.startRevision() == 0 ? revision + 1 : query.startRevision();
    Optional<KeyspaceWatcher> joined = watches.join(id(query), query, cursor, this);
    if (joined.isEmpty()) {
      tell.accept(new WatchNotice.Refused(Reason.TOO_MANY, revision));
      return;
    }
    KeyspaceWatcher watcher = joined.get();
    watchers.put(watcher.id(), watcher);
    tell.accept(new WatchNotice.Created(watcher.id(), revision));
    if (cursor < state[1]) {
      compacted(watcher, state[1]);
    } else {
      watcher.wake();
    }
  }

  private Optional<Reason> fault(WatchQuery query) {
    Bytes end = query.rangeEnd();
    boolean open = end.length() == 1 && end.at(0) == 0;
    if (!end.isEmpty() && !open && query.range().isEmpty()) {
      return Optional.of(Reason.EMPTY_RANGE);
    }
    if (query.id() != 0 && watchers.containsKey(query.id())) {
      return Optional.of(Reason.DUPLICATE_ID);
    }
    return query.startRevision() < 0 ? Optional.of(Reason.COMPACTED) : Optional.empty();
  }

  private long id(WatchQuery query) {
    if (query.id() != 0) {
      return query.id();
    }
    while (watchers.containsKey(nextId)) {
      nextId++;
    }
    return nextId++;
  }

  /** Ends a watcher and tells that; silent if there is none with this id. */
  public void cancel(long id) {
    KeyspaceWatcher watcher = watchers.get(id);
    if (watcher != null) {
      remove(watcher);
      tell.accept(new WatchNotice.Cancelled(id, revision()));
    }
  }

  /**
   * Tells how far all watchers are once the client has been sent what there is for them. Silent
   * when there is none, or one that still reads the past.
   */
  public void requestProgress() {
    if (!watchers.isEmpty()) {
      progressWanted = true;
      call();
    }
  }

  /**
   * To be called from time to time: tells those watchers how far they are that asked for it and
   * have not been told of anything since the last time.
   */
  public void notifyProgress() {
    if (isFull.getAsBoolean()) {
      return;
    }
    long revision = watches.published();
    for (KeyspaceWatcher watcher : watchers.values()) {
      if (watcher.query().progressNotify()
          && watcher.takeQuiet()
          && isToldUpTo(watcher, revision)) {
        tell.accept(new WatchNotice.Progress(watcher.id(), revision));
      }
    }
  }

  /** The client is gone. Again and again does no harm. */
  @Override
  public void close() {
    closed = true;
    if (job != null) {
      job.callOff();
    }
    List.copyOf(watchers.values()).forEach(this::remove);
  }

  private void remove(KeyspaceWatcher watcher) {
    watchers.remove(watcher.id());
    watcher.leave();
    watches.leave(watcher);
  }

  private void compacted(KeyspaceWatcher watcher, long compactRevision) {
    remove(watcher);
    tell.accept(new WatchNotice.Compacted(watcher.id(), compactRevision));
  }

  private long revision() {
    return watches.store().read(KeyspaceView::revision);
  }

  // --- called by others ---

  void enqueue(KeyspaceWatcher watcher) {
    waiting.add(watcher);
    call();
  }

  private void call() {
    if (called.compareAndSet(false, true)) {
      ready.run();
    }
  }

  private void caughtUp(CatchUp.Job finished) {
    done = finished;
    call();
  }

  // --- telling ---

  /** Tells what there is, as long as the client reads. To be called again when it reads again. */
  public void pump() {
    called.set(false);
    if (closed) {
      return;
    }
    takeCaughtUp();
    int left = TURN_MAX;
    while (!isFull.getAsBoolean()) {
      KeyspaceWatcher watcher = waiting.poll();
      if (watcher == null) {
        progress();
        break;
      }
      watcher.dequeued();
      if (!watcher.isGone() && !watcher.isBehind()) {
        step(watcher);
      }
      if (--left == 0) {
        call();
        break;
      }
    }
    catchUp();
  }

  private void step(KeyspaceWatcher watcher) {
    switch (watches.next(watcher)) {
      case KeyspaceWatches.Found.Nothing() -> {}
      case KeyspaceWatches.Found.Told(var events, long next) -> {
        happened(watcher, events);
        watcher.moveTo(next);
        watcher.wake();
      }
      case KeyspaceWatches.Found.Passed(long next) -> {
        watcher.moveTo(next);
        watcher.wake();
      }
      case KeyspaceWatches.Found.TooLate() -> {
        watcher.setBehind(true);
        late.add(watcher);
      }
    }
  }

  private void happened(KeyspaceWatcher watcher, WatchEvents events) {
    watcher.told();
    tell.accept(new WatchNotice.Happened(watcher.id(), watcher.query(), events));
  }

  /** One job at a time: a client that reads slowly holds no more than that. */
  private void catchUp() {
    if (job != null || late.isEmpty() || isFull.getAsBoolean()) {
      return;
    }
    CatchUp.Job next = new CatchUp.Job(this::caughtUp);
    late.stream().filter(watcher -> !watcher.isGone()).forEach(next::add);
    late.clear();
    if (!next.entries().isEmpty()) {
      job = next;
      watches.catchUp().submit(next);
    }
  }

  private void takeCaughtUp() {
    CatchUp.Job finished = done;
    if (finished == null) {
      return;
    }
    done = null;
    job = null;
    // What a client that stopped reading would have been told is read once more when it goes on.
    boolean drop = isFull.getAsBoolean();
    for (CatchUp.Entry entry : finished.entries()) {
      KeyspaceWatcher watcher = entry.watcher();
      watcher.setBehind(false);
      if (!watcher.isGone() && !drop) {
        arrived(watcher, entry, finished.revision());
      }
      watcher.wake();
    }
  }

  private void arrived(KeyspaceWatcher watcher, CatchUp.Entry entry, long revision) {
    if (entry.compacted().isPresent()) {
      compacted(watcher, entry.compacted().get());
      return;
    }
    if (!entry.events().isEmpty()) {
      happened(watcher, new WatchEvents(entry.events(), revision));
    }
    watcher.moveTo(entry.cursor());
  }

  private void progress() {
    if (!progressWanted) {
      return;
    }
    progressWanted = false;
    long revision = watches.published();
    if (!watchers.isEmpty()
        && watchers.values().stream().allMatch(watcher -> isToldUpTo(watcher, revision))) {
      tell.accept(new WatchNotice.Progress(WatchNotice.Progress.ALL, revision));
    }
  }

  private boolean isToldUpTo(KeyspaceWatcher watcher, long revision) {
    return watcher.query().startRevision() <= revision && watches.isToldUpTo(watcher, revision);
  }
}
