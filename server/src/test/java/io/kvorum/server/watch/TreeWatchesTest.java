// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.command.TreeEvent.Action;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.tree.RandomCommands;
import io.kvorum.server.tree.TreeJson;
import io.kvorum.server.tree.TreeStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TreeWatchesTest {

  private final TreeStore store = TreeStore.open(new MemoryEngine(List.of(TreeStore.TABLE)));
  private final TreeWatches watches = new TreeWatches(store.view());

  @Test
  void aPlainWatchIsToldOfTheFirstEventOnly() {
    AtomicInteger calls = new AtomicInteger();
    Subscription watch =
        ((TreeWatches.Start.Watching)
                watches.watch(Bytes.utf8("/1/a"), false, false, 0, calls::incrementAndGet))
            .subscription();
    set("/1/other");
    assertEquals(0, calls.get());
    set("/1/a");
    set("/1/a");
    assertEquals(1, calls.get());
    assertEquals(0, watches.count());
    assertFalse(watch.hasEnded());
    assertEquals(List.of("set /1/a 2"), drain(watch));
    assertTrue(watch.hasEnded());
  }

  @Test
  void directoriesAreWatchedWholeOnlyWhenAskedTo() {
    Subscription plain = stream("/1/d", false, 0);
    Subscription whole = stream("/1/d", true, 0);
    Subscription root = stream("/1", true, 0);
    set("/1/d/a");
    set("/1/da");
    apply(new TreeCommand.Update(Bytes.utf8("/1/d"), Bytes.EMPTY, 0, false));
    assertEquals(List.of("update /1/d 3"), drain(plain));
    assertEquals(List.of("set /1/d/a 1", "update /1/d 3"), drain(whole));
    assertEquals(List.of("set /1/d/a 1", "set /1/da 2", "update /1/d 3"), drain(root));
  }

  @Test
  void hiddenNodesAreSeenByTheirOwnWatchersOnly() {
    Subscription above = stream("/1/h", true, 0);
    Subscription own = stream("/1/h/_x", true, 0);
    Subscription exact = stream("/1/h/_x/a", false, 0);
    set("/1/h/_x/a");
    assertEquals(List.of(), drain(above));
    assertEquals(List.of("set /1/h/_x/a 1"), drain(own));
    assertEquals(List.of("set /1/h/_x/a 1"), drain(exact));
  }

  @Test
  void refreshesAreToldToNobodyButTakeAnIndex() {
    set("/1/a");
    Subscription live = stream("/1/a", false, 0);
    apply(
        new TreeCommand.Update(Bytes.utf8("/1/a"), Bytes.EMPTY, 1_900_000_000_000_000_000L, true));
    Subscription late = stream("/1/a", false, 2);
    set("/1/a");
    assertEquals(List.of("set /1/a 3"), drain(live));
    assertEquals(List.of("set /1/a 3"), drain(late));
  }

  @Test
  void removedDescendantsTellTheirWatchersIfTheyWereThere() {
    set("/1/d/a");
    Subscription there = stream("/1/d/a", false, 0);
    Subscription gone = stream("/1/d/b", false, 0);
    Subscription above = stream("/1", true, 0);
    Subscription exact = stream("/1/d", false, 0);
    apply(new TreeCommand.Delete(Bytes.utf8("/1/d"), false, true));
    assertEquals(List.of("delete /1/d 2"), drain(there));
    assertEquals(List.of(), drain(gone));
    assertEquals(List.of("delete /1/d 2"), drain(above));
    assertEquals(List.of("delete /1/d 2", "delete /1/d 2"), drain(exact), "2.3.7 tells twice");
  }

  @Test
  void aNodeThatCameAndWentWithinOneRoundWasThere() {
    Subscription watch = stream("/1/d/a", false, 0);
    Batch batch = new Batch();
    store.apply(setCommand("/1/d/a"), batch);
    store.apply(new TreeCommand.Delete(Bytes.utf8("/1/d"), false, true), batch);
    publish();
    assertEquals(List.of("set /1/d/a 1", "delete /1/d 2"), drain(watch));
  }

  @Test
  void theHistoryAnswersAtOnceAndAStreamGoesOnFromThere() {
    set("/1/a");
    set("/1/b");
    set("/1/a");
    Subscription one = plain("/1/a", true, 1);
    Subscription stream = stream("/1", true, 2);
    assertEquals(1, watches.count());
    set("/1/a");
    assertEquals(List.of("set /1/a 1"), drain(one), "2.3.7 would wait for ever here");
    assertEquals(List.of("set /1/b 2", "set /1/a 3", "set /1/a 4"), drain(stream));
    assertEquals(3, stream.startIndex());
  }

  @Test
  void anIndexToComeIsWaitedFor() {
    Subscription watch = plain("/1/a", false, 3);
    set("/1/a");
    set("/1/a");
    assertEquals(List.of(), drain(watch));
    set("/1/a");
    assertEquals(List.of("set /1/a 3"), drain(watch));
  }

  @Test
  void anIndexThatTheHistoryLostIsRefused() {
    for (int i = 0; i < 1005; i++) {
      set("/1/a");
    }
    TreeWatches.Start start = watches.watch(Bytes.utf8("/1/a"), false, false, 5, () -> {});
    assertTrue(start instanceof TreeWatches.Start.Refused);
    var refusal = ((TreeWatches.Start.Refused) start).refusal();
    assertEquals(401, refusal.code().number());
    assertEquals("the requested history has been cleared [6/5]", refusal.cause().utf8());
    assertEquals(1005, refusal.index());
    assertEquals(1000, drain(stream("/1", true, 6)).size());
  }

  @Test
  void aStreamThatDoesNotKeepUpEndsBehindWhatItHas() {
    Subscription slow = stream("/1", true, 0);
    Subscription other = stream("/1", true, 0);
    for (int i = 0; i < 150; i++) {
      set("/1/a");
      assertEquals(1, drain(other).size());
    }
    assertFalse(slow.hasEnded());
    assertEquals(TreeWatches.PENDING_MAX, drain(slow).size());
    assertTrue(slow.hasEnded());
    assertEquals(1, watches.count());
  }

  @Test
  void aClosedWatchIsForgotten() {
    Subscription watch = stream("/1", true, 0);
    watch.close();
    watch.close();
    set("/1/a");
    assertEquals(0, watches.count());
    assertTrue(watch.hasEnded());
    assertEquals(List.of(), drain(watch));
  }

  @Test
  void aReplacedTreeTellsWhatItsHistoryKnowsAndEndsWhatItDoesNot() throws IOException {
    set("/1/a");
    Subscription near = stream("/1", true, 0);
    Subscription future = plain("/1/a", false, 5000);
    TreeStore ahead = TreeStore.open(new MemoryEngine(List.of(TreeStore.TABLE)));
    for (int i = 0; i < 5; i++) {
      ahead.apply(setCommand("/1/a"), new Batch());
    }
    replaceBy(ahead);
    assertEquals(List.of("set /1/a 2", "set /1/a 3", "set /1/a 4", "set /1/a 5"), drain(near));
    for (int i = 0; i < 2000; i++) {
      ahead.apply(setCommand("/1/a"), new Batch());
    }
    replaceBy(ahead);
    assertTrue(near.hasEnded());
    assertFalse(future.hasEnded());
    assertEquals(1, watches.count());
  }

  private void replaceBy(TreeStore other) throws IOException {
    other.publish();
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    TreeJson.write(other.view(), json, 0);
    store.replaceAll(TreeJson.read(new ByteArrayInputStream(json.toByteArray())), new Batch());
    store.publish();
    watches.reset(store.view());
  }

  @Test
  void everyRandomWatcherIsToldWhatTheRulesSayInOrder() {
    long seed = Long.getLong("seed", new Random().nextLong());
    Random random = new Random(seed);
    RandomCommands commands = new RandomCommands(seed);
    List<Expectation> expectations = new ArrayList<>();
    List<TreeEvent> all = new ArrayList<>();
    for (int step = 0; step < 2500; step++) {
      if (random.nextInt(20) == 0) {
        long index = random.nextInt(3) == 0 ? Math.max(1, all.size() + 10 - random.nextInt(60)) : 0;
        Expectation made = new Expectation(commands.path(), random.nextBoolean(), index, all);
        expectations.add(made);
        if (expectations.size() > 60) {
          expectations.removeFirst().subscription.close();
        }
      }
      int round = 1 + random.nextInt(4);
      for (int i = 0; i < round; i++) {
        expectations.forEach(Expectation::look);
        TreeCommand command = commands.next(store.index());
        boolean alone = command instanceof TreeCommand.Expire;
        if (alone) {
          continue; // several events from one state: the other tests have them
        }
        store.apply(command, new Batch());
        store.publish();
        List<TreeEvent> events = store.takeEvents();
        for (TreeEvent event : events) {
          all.add(event);
          expectations.forEach(e -> e.live(event));
        }
        watches.publish(events, store.view());
      }
      for (Expectation expectation : expectations) {
        expectation.check("seed " + seed + " step " + step);
      }
    }
    assertTrue(all.size() > 1000);
  }

  /** A stream, and what it must be told by the rules, worked out one by one. */
  private final class Expectation {
    final Bytes path;
    final boolean recursive;
    final long since;
    final Subscription subscription;
    final List<TreeEvent> expected = new ArrayList<>();
    boolean existed;

    Expectation(Bytes path, boolean recursive, long waitIndex, List<TreeEvent> past) {
      this.path = path;
      this.recursive = recursive;
      this.since = waitIndex == 0 ? past.size() + 1 : waitIndex;
      this.subscription = stream(path.utf8(), recursive, waitIndex);
      past.stream().filter(e -> e.index() >= since && historic(e)).forEach(expected::add);
    }

    boolean historic(TreeEvent event) {
      Bytes key = event.node().key();
      boolean removal = event.action() == Action.DELETE || event.action() == Action.EXPIRE;
      boolean directory = event.previous().map(NodeView::directory).orElse(false);
      return !event.refresh()
          && (key.equals(path)
              || (recursive && below(key.utf8(), path.utf8()))
              || (removal && directory && path.utf8().startsWith(key.utf8())));
    }

    void live(TreeEvent event) {
      if (event.refresh() || event.index() < since) {
        return;
      }
      String key = event.node().key().utf8();
      boolean removal =
          switch (event.action()) {
            case DELETE, EXPIRE, COMPARE_AND_DELETE -> true;
            case GET, SET, CREATE, UPDATE, COMPARE_AND_SWAP -> false;
          };
      if (path.utf8().equals(key)) {
        expected.add(event);
        if (removal) {
          expected.add(event);
        }
      } else if (below(key, path.utf8())) {
        boolean hidden = key.substring(path.utf8().equals("/") ? 0 : path.length()).contains("/_");
        if (recursive && !hidden) {
          expected.add(event);
        }
      } else if (removal && below(path.utf8(), key) && existed) {
        expected.add(event);
      }
    }

    /** Whether the path is there before the next command. */
    void look() {
      existed = store.view().get(path, false, false) instanceof Outcome.TreeChanged;
    }

    void check(String where) {
      List<TreeEvent> told = new ArrayList<>();
      for (var next = subscription.poll(); next.isPresent(); next = subscription.poll()) {
        told.add(next.get());
      }
      assertEquals(expected, told, where + " " + path + " recursive " + recursive);
      expected.clear();
    }
  }

  private static boolean below(String key, String path) {
    return key.startsWith(path.equals("/") ? path : path + "/") && !key.equals(path);
  }

  @Test
  void watchesBegunWhileOthersWriteMissNothingAndSeeNothingTwice() throws InterruptedException {
    int writes = 20_000;
    CountDownLatch done = new CountDownLatch(4);
    List<String> faults = Collections.synchronizedList(new ArrayList<>());
    for (int reader = 0; reader < 4; reader++) {
      long seed = reader;
      Thread.ofPlatform().start(() -> follow(new Random(seed), writes, faults, done));
    }
    for (int i = 0; i < writes; i++) {
      set("/1/a");
    }
    done.await();
    assertEquals(List.of(), faults);
    assertEquals(0, watches.count());
  }

  /** Takes a few events of one stream after the other, each from where the last one stopped. */
  private void follow(Random random, int last, List<String> faults, CountDownLatch done) {
    long next = 1;
    while (next <= last && faults.isEmpty()) {
      Semaphore ready = new Semaphore(1);
      TreeWatches.Start start = watches.watch(Bytes.utf8("/1"), true, true, next, ready::release);
      if (!(start instanceof TreeWatches.Start.Watching(Subscription watch))) {
        next = store.view().history().startIndex() + 10;
        continue;
      }
      int wanted = 1 + random.nextInt(50);
      while (wanted > 0 && next <= last && !watch.hasEnded()) {
        ready.acquireUninterruptibly();
        for (var event = watch.poll(); event.isPresent() && wanted > 0; event = watch.poll()) {
          if (event.get().index() != next) {
            faults.add("expected " + next + " but was told " + event.get().index());
          }
          next++;
          wanted--;
        }
        ready.release(watch.hasEnded() ? 1 : 0);
      }
      watch.close();
    }
    done.countDown();
  }

  private Subscription stream(String path, boolean recursive, long waitIndex) {
    return ((TreeWatches.Start.Watching)
            watches.watch(Bytes.utf8(path), recursive, true, waitIndex, () -> {}))
        .subscription();
  }

  private Subscription plain(String path, boolean recursive, long waitIndex) {
    return ((TreeWatches.Start.Watching)
            watches.watch(Bytes.utf8(path), recursive, false, waitIndex, () -> {}))
        .subscription();
  }

  private static List<String> drain(Subscription watch) {
    List<String> told = new ArrayList<>();
    for (var event = watch.poll(); event.isPresent(); event = watch.poll()) {
      TreeEvent e = event.get();
      told.add(e.action().text() + " " + e.node().key().utf8() + " " + e.index());
    }
    return told;
  }

  private void set(String path) {
    apply(setCommand(path));
  }

  private static TreeCommand setCommand(String path) {
    return new TreeCommand.Set(Bytes.utf8(path), false, Bytes.utf8("v"), 0, false);
  }

  private void apply(TreeCommand command) {
    store.apply(command, new Batch());
    publish();
  }

  private void publish() {
    store.publish();
    watches.publish(store.takeEvents(), store.view());
  }
}
