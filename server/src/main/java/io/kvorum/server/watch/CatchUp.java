// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import io.kvorum.env.Worker;
import io.kvorum.env.Workers;
import io.kvorum.server.command.EncodedEvent;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.mvcc.History;
import io.kvorum.server.mvcc.KeyspaceView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Reads the past from the store for watchers that came too late for what is in memory. One thread,
 * so that neither apply nor an event loop ever waits for a disk.
 *
 * <p>Idea: streams ask for all of their watchers at once and wait in a queue; each turn reads one
 * piece of history, from where the first stream's hindmost watcher stands, and offers it to
 * everybody whose cursor lies in it, whichever stream it belongs to: a thousand clients that come
 * back after a restart cost one reading. A stream gets its answer as soon as there is something to
 * tell or all have arrived at the present; a message's worth of events is the most it holds.
 */
final class CatchUp {

  private static final int INBOX_ITEMS_MAX = 1 << 20;

  /** One watcher's part of a job. Owned by the worker until the job is done. */
  static final class Entry {
    private final KeyspaceWatcher watcher;
    private final List<EncodedEvent> events = new ArrayList<>();
    private final Job job;
    private long cursor;
    private boolean stopped;
    private Optional<Long> compacted = Optional.empty();

    Entry(Job job, KeyspaceWatcher watcher) {
      this.job = job;
      this.watcher = watcher;
      cursor = watcher.cursor();
    }

    KeyspaceWatcher watcher() {
      return watcher;
    }

    List<EncodedEvent> events() {
      return events;
    }

    /** The first revision that was not looked at. */
    long cursor() {
      return cursor;
    }

    /** Up to where history is gone, if what it needs is. */
    Optional<Long> compacted() {
      return compacted;
    }
  }

  /** What one stream waits for. */
  static final class Job {
    private final List<Entry> entries = new ArrayList<>();
    private final Consumer<Job> done;
    private volatile boolean called;
    private long bytes;
    private long revision;

    Job(Consumer<Job> done) {
      this.done = done;
    }

    void add(KeyspaceWatcher watcher) {
      entries.add(new Entry(this, watcher));
    }

    /** Nobody waits any more. */
    void callOff() {
      called = true;
    }

    List<Entry> entries() {
      return entries;
    }

    /** The keyspace's when the last piece was read. */
    long revision() {
      return revision;
    }
  }

  private sealed interface Task {
    record Begin(Job job) implements Task {}

    record GoOn() implements Task {}
  }

  private final WatchLimits limits;
  private final StoreReading store;
  private final Worker<Task> worker;
  private final Queue<Job> jobs = new ArrayDeque<>();
  private final RangeIndex<List<Entry>> index = new RangeIndex<>();
  private boolean goesOn;

  CatchUp(WatchLimits limits, StoreReading store, Workers workers, Consumer<Throwable> onFailure) {
    this.limits = limits;
    this.store = store;
    worker = workers.start("watch", INBOX_ITEMS_MAX, this::handle, onFailure);
  }

  /** Reads for {@code job}, then hands it back on this thread. */
  void submit(Job job) {
    worker.put(new Task.Begin(job));
  }

  void stop() throws InterruptedException {
    worker.stop();
    worker.awaitEnd();
  }

  // --- the worker ---

  private void handle(List<Task> tasks) {
    for (Task task : tasks) {
      switch (task) {
        case Task.Begin(Job job) -> begin(job);
        case Task.GoOn() -> goesOn = false;
      }
    }
    Job job = jobs.poll();
    if (job != null) {
      jobs.add(job);
      store.read(view -> read(view, job));
      handBack();
    }
    if (!jobs.isEmpty() && !goesOn) {
      goesOn = true;
      worker.put(new Task.GoOn());
    }
  }

  private void begin(Job job) {
    jobs.add(job);
    for (Entry entry : job.entries) {
      index.computeIfAbsent(entry.watcher.topic().range(), range -> new ArrayList<>(1)).add(entry);
    }
  }

  /** One piece, from where the hindmost of {@code job} stands. */
  private long read(KeyspaceView view, Job job) {
    for (Job each : jobs) {
      each.revision = view.revision();
      each.entries.forEach(entry -> checkCompaction(entry, view.compacted()));
    }
    long from = Long.MAX_VALUE;
    for (Entry entry : job.entries) {
      if (isWaiting(entry)) {
        from = Math.min(from, entry.cursor);
      }
    }
    if (from > view.revision()) {
      return from;
    }
    boolean previous =
        jobs.stream()
            .flatMap(each -> each.entries.stream())
            .anyMatch(entry -> entry.watcher.query().previous());
    Optional<History> read =
        view.history(from, limits.pieceRevisions(), limits.pieceBytes(), previous, index::covers);
    History piece =
        read.orElseThrow(
            () -> new IllegalStateException("watch: a view forgot what it said it had"));
    offer(piece, from);
    return piece.next();
  }

  private static void checkCompaction(Entry entry, long compacted) {
    if (entry.cursor < compacted && entry.events.isEmpty()) {
      entry.compacted = Optional.of(compacted);
    }
  }

  private static boolean isWaiting(Entry entry) {
    return !entry.stopped && entry.compacted.isEmpty();
  }

  private void offer(History piece, long from) {
    for (KeyEvent event : piece.events()) {
      EncodedEvent encoded = EncodedEvent.of(event);
      index.covering(
          encoded.key(), entries -> entries.forEach(entry -> offer(entry, encoded, from)));
    }
    for (Job job : jobs) {
      for (Entry entry : job.entries) {
        if (isWaiting(entry) && entry.cursor >= from && entry.cursor < piece.next()) {
          entry.cursor = piece.next();
        }
      }
    }
  }

  private void offer(Entry entry, EncodedEvent event, long from) {
    if (!isWaiting(entry)
        || entry.cursor < from
        || entry.cursor > event.revision()
        || !entry.watcher.query().wants(event.kind())) {
      return;
    }
    boolean begins =
        entry.events.isEmpty() || entry.events.getLast().revision() != event.revision();
    if (begins && entry.job.bytes >= limits.messageBytes()) {
      entry.stopped = true;
      entry.cursor = event.revision();
      return;
    }
    entry.events.add(event);
    entry.job.bytes += event.bytes();
  }

  private void handBack() {
    int count = jobs.size();
    for (int i = 0; i < count; i++) {
      Job job = jobs.remove();
      if (job.called) {
        forget(job);
      } else if (isDone(job)) {
        forget(job);
        job.done.accept(job);
      } else {
        jobs.add(job);
      }
    }
  }

  private static boolean isDone(Job job) {
    return job.bytes > 0
        || job.entries.stream().allMatch(entry -> !isWaiting(entry) || entry.cursor > job.revision);
  }

  private void forget(Job job) {
    for (Entry entry : job.entries) {
      var range = entry.watcher.topic().range();
      List<Entry> entries = index.computeIfAbsent(range, none -> new ArrayList<>(1));
      entries.remove(entry);
      if (entries.isEmpty()) {
        index.remove(range);
      }
    }
  }
}
