// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.server.apply.HandWorkers;
import io.kvorum.server.command.EncodedEvent;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.WatchNotice;
import io.kvorum.server.command.WatchQuery;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.mvcc.RandomKeyspaceCommands;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Random commands, clients that read or do not, watches from anywhere, compactions and installed
 * snapshots, with bounds so small that everything overflows. The twin is the list of all events:
 * each watcher must be told of each that concerns it, once, in order, whole revisions, or that it
 * is too late. {@code -Dseed}, {@code -Dops}.
 */
class KeyspaceWatchesTwinTest {

  private static final WatchLimits SMALL = new WatchLimits(16, 2_000, 4, 3, 200, 5, 300, 20);
  private static final int OPS = Integer.getInteger("ops", 30_000);
  private static final Bytes ZERO = Bytes.wrap(new byte[1]);

  private final long seed = Long.getLong("seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final RandomKeyspaceCommands commands = new RandomKeyspaceCommands(seed);
  private final MemoryEngine engine = new MemoryEngine(Keyspace.tables());
  private final Keyspace keyspace = Keyspace.open(engine);
  private final HandWorkers workers = new HandWorkers();
  private final KeyspaceWatches watches =
      new KeyspaceWatches(
          SMALL,
          keyspace::read,
          workers,
          failure -> {
            throw new AssertionError(failure);
          });
  private final List<KeyEvent> log = new ArrayList<>();
  private final Set<Long> compactions = new HashSet<>();

  /** Events after which the same transaction changed the same key again. */
  private final Set<KeyEvent> superseded = new HashSet<>();

  private final List<Client> clients = new ArrayList<>();
  private final Map<String, Integer> seen = new HashMap<>();
  private int step;

  /** What the test knows of one watcher. */
  private static final class Expected {
    final WatchQuery query;
    long cursor;

    Expected(WatchQuery query, long cursor) {
      this.query = query;
      this.cursor = cursor;
    }
  }

  private final class Client {
    private final Map<Long, Expected> watchers = new HashMap<>();
    private final WatchStream stream = watches.open(this::told, this::isFull, () -> woken = true);
    private WatchQuery asked = WatchQuery.of(ZERO, Bytes.EMPTY, 0);
    private boolean woken;
    private boolean stuck;
    private int room = 3;

    private boolean isFull() {
      return stuck || room <= 0;
    }

    private void told(WatchNotice notice) {
      seen.merge(notice.getClass().getSimpleName(), 1, Integer::sum);
      room--;
      switch (notice) {
        case WatchNotice.Created(long id, long revision) -> {
          assertEquals(keyspace.revision(), revision);
          long start = asked.startRevision() == 0 ? revision + 1 : asked.startRevision();
          assertTrue(watchers.put(id, new Expected(asked, start)) == null, "a new id");
        }
        case WatchNotice.Refused(WatchNotice.Reason reason, long revision) ->
            seen.merge(reason.name(), 1, Integer::sum);
        case WatchNotice.Cancelled(long id, long revision) -> watchers.remove(id);
        case WatchNotice.Compacted(long id, long compactRevision) -> {
          Expected gone = requireNonNull(watchers.remove(id));
          assertTrue(gone.cursor < compactRevision, "behind the compaction");
          assertTrue(compactions.contains(compactRevision), "a compaction");
        }
        case WatchNotice.Happened(long id, var query, var events) ->
            happened(requireNonNull(watchers.get(id)), events.events());
        case WatchNotice.Progress(long id, long revision) -> {
          for (Expected watcher :
              id == -1 ? watchers.values() : List.of(requireNonNull(watchers.get(id)))) {
            assertEquals(List.of(), expected(watcher, watcher.cursor, revision));
            assertTrue(watcher.query.startRevision() <= revision, "not before it begins");
          }
        }
      }
    }

    private void happened(Expected watcher, List<EncodedEvent> events) {
      long last = events.getLast().revision();
      List<KeyEvent> wanted = expected(watcher, watcher.cursor, last);
      assertEquals(wanted.size(), events.size(), () -> wanted + " but told " + events);
      for (int i = 0; i < events.size(); i++) {
        compare(watcher, wanted.get(i), events.get(i));
      }
      watcher.cursor = last + 1;
    }
  }

  private List<KeyEvent> expected(Expected watcher, long from, long to) {
    List<KeyEvent> found = new ArrayList<>();
    for (int i = log.size() - 1; i >= 0 && log.get(i).revision() >= from; i--) {
      KeyEvent event = log.get(i);
      if (event.revision() <= to
          && watcher.query.range().contains(event.kv().key())
          && watcher.query.wants(event.kind())
          && !isForgotten(event, watcher)) {
        found.addFirst(event);
      }
    }
    return found;
  }

  /**
   * Of the changes of one key in one transaction only the last one is left when the history was
   * compacted at just this revision; whoever reads it from the store then learns of that one.
   */
  private boolean isForgotten(KeyEvent event, Expected watcher) {
    return compactions.contains(event.revision())
        && watcher.cursor == event.revision()
        && superseded.contains(event);
  }

  private void compare(Expected watcher, KeyEvent wanted, EncodedEvent told) {
    assertEquals(bytes(EncodedEvent.of(wanted), false), bytes(told, false));
    if (!watcher.query.previous()) {
      return;
    }
    Bytes with = bytes(told, true);
    boolean mayLackPrevious =
        compactions.stream().anyMatch(compacted -> wanted.revision() - 1 < compacted);
    if (!with.equals(bytes(EncodedEvent.of(wanted), true)) && !mayLackPrevious) {
      assertEquals(bytes(EncodedEvent.of(wanted), true), with);
    }
  }

  private static Bytes bytes(EncodedEvent event, boolean previous) {
    ProtoWriter out = new ProtoWriter();
    event.writeTo(out, 11, previous);
    assertEquals(event.size(11, previous), out.length());
    return out.toBytes();
  }

  @Test
  void eachWatcherIsToldOfEachRevisionOnceAndInOrder() {
    try {
      for (step = 0; step < OPS; step++) {
        step();
      }
      calm();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "replay with -Dseed=%d -Dops=%d: step %d".formatted(seed, OPS, step), e);
    }
    assertEquals(
        new TreeSet<>(
            Set.of(
                "Created",
                "Refused",
                "Cancelled",
                "Compacted",
                "Happened",
                "Progress",
                "EMPTY_RANGE",
                "DUPLICATE_ID",
                "COMPACTED",
                "TOO_MANY")),
        new TreeSet<>(seen.keySet()),
        "seed " + seed);
  }

  private void step() {
    switch (random.nextInt(20)) {
      case 0 -> clients.add(new Client());
      case 1, 2, 3 -> withClient(this::create);
      case 4 -> withClient(this::cancel);
      case 5 -> withClient(client -> client.stream.requestProgress());
      case 6 -> withClient(client -> client.stream.notifyProgress());
      case 7 -> withClient(client -> client.stuck = random.nextInt(4) == 0);
      case 8 -> {
        if (clients.size() > 6 || random.nextInt(10) == 0) {
          withClient(
              client -> {
                client.stream.close();
                clients.remove(client);
              });
        }
      }
      case 9, 10, 11 -> withClient(this::pump);
      case 12, 13 -> workers.work();
      default -> round(random.nextInt(60) > 0);
    }
  }

  private void withClient(Consumer<Client> use) {
    if (!clients.isEmpty()) {
      use.accept(clients.get(random.nextInt(clients.size())));
    }
  }

  private void create(Client client) {
    long revision = keyspace.revision();
    long start =
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> 0;
          case 3 -> revision + 1 + random.nextInt(6);
          case 4 -> -1;
          default -> Math.max(1, revision - random.nextInt(60));
        };
    Bytes key = Bytes.wrap(new byte[] {(byte) random.nextInt(256)});
    Bytes a = Bytes.utf8("a");
    client.asked =
        switch (random.nextInt(5)) {
          case 0 -> query(a, Bytes.EMPTY, start);
          case 1 -> query(ZERO, ZERO, start);
          case 2 -> query(key, Bytes.wrap(new byte[] {(byte) random.nextInt(256)}), start);
          case 3 -> query(a, Bytes.utf8("b"), start);
          default -> query(Bytes.utf8(random.nextBoolean() ? "b" : "c"), Bytes.EMPTY, start);
        };
    client.stream.create(client.asked);
  }

  private WatchQuery query(Bytes key, Bytes end, long start) {
    return new WatchQuery(
        key,
        end,
        start,
        random.nextBoolean(),
        random.nextInt(6) == 0,
        random.nextInt(6) == 0,
        random.nextBoolean(),
        random.nextInt(8) == 0 ? random.nextInt(8) : 0,
        false);
  }

  private void cancel(Client client) {
    client.stream.cancel(random.nextInt(12));
  }

  private void pump(Client client) {
    client.room = 1 + random.nextInt(6);
    client.woken = false;
    client.stream.pump();
  }

  /** Some commands that become visible at once; not told when they come as a snapshot. */
  private void round(boolean told) {
    Batch batch = new Batch();
    for (int i = random.nextInt(4); i >= 0; i--) {
      KeyspaceCommand command = commands.next(keyspace.revision());
      Outcome outcome = keyspace.apply(command, RandomKeyspaceCommands::exists, batch);
      if (command instanceof KeyspaceCommand.Compact(long at, boolean physical)
          && outcome instanceof Outcome.Keyspace) {
        compactions.add(at);
      }
    }
    engine.write(batch);
    keyspace.publish();
    compactOnce();
    List<KeyEvent> events = keyspace.takeEvents();
    log.addAll(events);
    noteSuperseded(events);
    if (!told) {
      watches.replaced();
    } else if (!events.isEmpty()) {
      watches.changed(events);
    }
  }

  private void noteSuperseded(List<KeyEvent> events) {
    for (int i = 0; i < events.size(); i++) {
      for (int j = i + 1; j < events.size(); j++) {
        if (events.get(i).revision() == events.get(j).revision()
            && events.get(i).kv().key().equals(events.get(j).kv().key())) {
          superseded.add(events.get(i));
        }
      }
    }
  }

  private void compactOnce() {
    keyspace
        .read(view -> view.nextCompactionStep(3))
        .ifPresent(
            next -> {
              Batch batch = new Batch();
              keyspace.carryOut(next, batch);
              engine.write(batch);
              keyspace.publish();
            });
  }

  /** Everybody reads: at the end everybody has been told of everything. */
  private void calm() {
    for (int i = 0; i < 2_000; i++) {
      workers.work();
      for (Client client : clients) {
        client.stuck = false;
        client.room = 1_000;
        client.stream.pump();
      }
    }
    for (Client client : clients) {
      for (Expected watcher : client.watchers.values()) {
        assertEquals(List.of(), expected(watcher, watcher.cursor, keyspace.revision()));
      }
    }
  }
}
