// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import io.kvorum.base.KeyRange;
import io.kvorum.env.Workers;
import io.kvorum.server.command.EncodedEvent;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.command.WatchEvents;
import io.kvorum.server.command.WatchNotice;
import io.kvorum.server.command.WatchQuery;
import io.kvorum.server.mvcc.KeyspaceView;
import io.kvorum.server.watch.Topic.Noted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The watches of the v3 API.
 *
 * <p>Problem: each watcher must be told of each revision that concerns it once and in order,
 * whether that lies in history or is yet to come; a client that reads slowly must cost neither
 * memory nor anybody else's time; a hundred watchers of one key must not cost a hundred times the
 * work.
 *
 * <p>Idea: what happened is held once, encoded once ({@link RecentChanges}); a range that is
 * watched, by however many, notes the revisions in which something happened in it ({@link Topic});
 * a watcher is a cursor. Whoever's cursor lies where its topic knows everything reads there;
 * whoever came too late reads the store ({@link CatchUp}) until it does. So there is no moment of
 * changing over in which something could get lost or be told twice: only the cursor says what comes
 * next.
 *
 * <pre>
 *   apply ─▶ changed ─▶ RecentChanges, Topic ─ ─ wake ─ ─▶ WatchStream ─▶ client
 *                              ▲                              │   ▲
 *                              └───────── cursor ─────────────┘   └─ CatchUp ◀─ store
 * </pre>
 *
 * <p>What must hold: the store shows a revision before it is published here, and it is published
 * here before its command is answered. The lock guards who watches what; neither reading nor
 * telling needs it.
 */
public final class KeyspaceWatches implements KeyspaceAudience {

  /** What a cursor finds. */
  sealed interface Found {

    /** There is nothing yet. */
    record Nothing() implements Found {}

    /** To be told; then the cursor stands at {@code next}. */
    record Told(WatchEvents events, long next) implements Found {}

    /** Nothing of interest up to {@code next}, but there may be behind. */
    record Passed(long next) implements Found {}

    /** Only the store knows. */
    record TooLate() implements Found {}
  }

  /** What a watcher got, for others that are as far and want the same. */
  private record Shared(Noted noted, long cursor, int filter, WatchEvents events, long next) {}

  private static final int SHARED_MAX = 64;

  private static final Found NOTHING = new Found.Nothing();
  private static final Found TOO_LATE = new Found.TooLate();

  private final WatchLimits limits;
  private final StoreReading store;
  private final CatchUp catchUp;
  private final RecentChanges recent;
  private final Object lock = new Object();
  private final RangeIndex<Topic> topics = new RangeIndex<>();
  private final AtomicReferenceArray<Shared> shared = new AtomicReferenceArray<>(SHARED_MAX);
  private int watchers;
  private long nextNumber;
  private volatile long published;

  /**
   * Starts with what {@code store} shows.
   *
   * @param store shows each revision before it is published here
   * @param onFailure gets what ended the thread that reads the store
   */
  public KeyspaceWatches(
      WatchLimits limits, StoreReading store, Workers workers, Consumer<Throwable> onFailure) {
    this.limits = limits;
    this.store = store;
    catchUp = new CatchUp(limits, store, workers, onFailure);
    recent = new RecentChanges(limits.recentRevisions(), limits.recentBytes());
    published = store.read(KeyspaceView::revision);
  }

  /**
   * Begins the watches of one client.
   *
   * @param tell takes what its watchers are told, on the thread that calls the stream
   * @param isFull whether the client reads too slowly to be told more
   * @param ready called by any thread, never under a lock, when {@link WatchStream#pump} has
   *     something to do
   */
  public WatchStream open(Consumer<WatchNotice> tell, BooleanSupplier isFull, Runnable ready) {
    return new WatchStream(this, tell, isFull, ready);
  }

  /** How many watchers there are. Any thread. */
  public int count() {
    synchronized (lock) {
      return watchers;
    }
  }

  /** Everything up to here has been published. Any thread. */
  public long published() {
    return published;
  }

  /** Ends the reading of the past. */
  public void stop() throws InterruptedException {
    catchUp.stop();
  }

  // --- the apply thread ---

  @Override
  public void changed(List<KeyEvent> events) {
    List<Topic> touched = new ArrayList<>();
    synchronized (lock) {
      if (topics.isEmpty()) {
        recent.clear();
      } else {
        if (events.getFirst().revision() != published + 1) {
          restart(events.getFirst().revision(), touched);
        }
        remember(events, touched);
      }
      published = events.getLast().revision();
    }
    touched.forEach(Topic::wake);
  }

  private void remember(List<KeyEvent> events, List<Topic> touched) {
    int at = 0;
    while (at < events.size()) {
      long revision = events.get(at).revision();
      List<EncodedEvent> encoded = new ArrayList<>(1);
      while (at < events.size() && events.get(at).revision() == revision) {
        encoded.add(EncodedEvent.of(events.get(at)));
        at++;
      }
      recent.add(new Change(revision, encoded));
      for (EncodedEvent event : encoded) {
        topics.covering(
            event.key(),
            topic -> {
              if (topic.note(revision)) {
                touched.add(topic);
              }
            });
      }
    }
  }

  /** Everybody goes on from the store: it may know what they have not been told of. */
  @Override
  public void replaced() {
    long revision = store.read(KeyspaceView::revision);
    List<Topic> touched = new ArrayList<>();
    synchronized (lock) {
      restart(revision + 1, touched);
      published = revision;
    }
    touched.forEach(Topic::wake);
  }

  private void restart(long next, List<Topic> touched) {
    recent.clear();
    for (Topic topic : topics.values()) {
      topic.restart(next);
      touched.add(topic);
    }
  }

  // --- the streams' threads ---

  StoreReading store() {
    return store;
  }

  CatchUp catchUp() {
    return catchUp;
  }

  /** A new watcher of {@code stream}, if there may be one more. */
  Optional<KeyspaceWatcher> join(long id, WatchQuery query, long cursor, WatchStream stream) {
    synchronized (lock) {
      if (watchers == limits.watchersMax()) {
        return Optional.empty();
      }
      watchers++;
      Topic topic =
          topics.computeIfAbsent(
              compact(query.range()),
              own -> new Topic(own, limits.matchesPerRange(), published + 1));
      KeyspaceWatcher watcher = new KeyspaceWatcher(nextNumber++, id, query, cursor, topic, stream);
      topic.join(watcher);
      return Optional.of(watcher);
    }
  }

  void leave(KeyspaceWatcher watcher) {
    synchronized (lock) {
      watchers--;
      if (watcher.topic().part(watcher) == 0) {
        topics.remove(watcher.topic().range());
      }
    }
  }

  private static KeyRange compact(KeyRange range) {
    return new KeyRange(range.from().compact(), range.to().map(end -> end.compact()));
  }

  /** Whether {@code watcher} has been told of everything up to {@code revision}. */
  boolean isToldUpTo(KeyspaceWatcher watcher, long revision) {
    Noted noted = watcher.topic().noted();
    if (watcher.isBehind() || watcher.cursor() < noted.knownFrom()) {
      return false;
    }
    int at = noted.firstFrom(watcher.cursor());
    return at == noted.to() || noted.revisions()[at] > revision;
  }

  /** What comes next for {@code watcher}. */
  Found next(KeyspaceWatcher watcher) {
    Noted noted = watcher.topic().noted();
    return watcher.cursor() >= noted.knownFrom()
        ? live(watcher, noted)
        : recentPast(watcher, noted.knownFrom());
  }

  private Found live(KeyspaceWatcher watcher, Noted noted) {
    int at = noted.firstFrom(watcher.cursor());
    if (at == noted.to()) {
      return NOTHING;
    }
    int place = System.identityHashCode(watcher.topic()) % SHARED_MAX;
    Shared last = shared.get(place);
    int filter = filter(watcher.query());
    if (last != null
        && last.noted() == noted
        && last.cursor() == watcher.cursor()
        && last.filter() == filter) {
      return new Found.Told(last.events(), last.next());
    }
    Message message = new Message(watcher, limits);
    while (at < noted.to() && message.take(recent.find(noted.revisions()[at]))) {
      at++;
    }
    return message.found(
        (events, next) ->
            shared.set(place, new Shared(noted, watcher.cursor(), filter, events, next)));
  }

  private static int filter(WatchQuery query) {
    return (query.noPut() ? 1 : 0) | (query.noDelete() ? 2 : 0);
  }

  /** Before its topic knows everything, but perhaps not before what is still in memory. */
  private Found recentPast(KeyspaceWatcher watcher, long end) {
    Message message = new Message(watcher, limits);
    long revision = watcher.cursor();
    while (revision < end && message.take(recent.find(revision))) {
      revision++;
    }
    return message.found((events, next) -> {});
  }

  /** What a message is put together from. */
  private static final class Message {
    private final KeyspaceWatcher watcher;
    private final WatchLimits limits;
    private final List<EncodedEvent> events = new ArrayList<>();
    private long bytes;
    private int revisions;
    private long last;

    Message(KeyspaceWatcher watcher, WatchLimits limits) {
      this.watcher = watcher;
      this.limits = limits;
    }

    /** Takes one revision's events; false when it is not there, or does not fit any more. */
    boolean take(Optional<Change> change) {
      if (change.isEmpty()
          || revisions == limits.messageRevisions()
          || bytes >= limits.messageBytes()) {
        return false;
      }
      revisions++;
      last = change.get().revision();
      for (EncodedEvent event : change.get().events()) {
        if (watcher.query().wants(event.kind()) && watcher.topic().range().contains(event.key())) {
          events.add(event);
          bytes += event.bytes();
        }
      }
      return true;
    }

    private interface Share {
      void share(WatchEvents events, long next);
    }

    Found found(Share share) {
      if (revisions == 0) {
        return TOO_LATE;
      }
      if (events.isEmpty()) {
        return new Found.Passed(last + 1);
      }
      WatchEvents whole = new WatchEvents(events, last);
      share.share(whole, last + 1);
      return new Found.Told(whole, last + 1);
    }
  }
}
