// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.StorePath;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.tree.TreeStatistics.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TreeStoreTest {

  private final MemoryEngine engine = new MemoryEngine(List.of(TreeStore.TABLE));
  private final TreeStore store = TreeStore.open(engine);

  @Test
  void randomCommandsComeToWhatThePlainTwinComesTo() {
    long seed = Long.getLong("seed", new Random().nextLong());
    for (int run = 0; run < 4; run++) {
      againstTheTwin(seed + run, 8000);
    }
  }

  private static void againstTheTwin(long seed, int steps) {
    MemoryEngine engine = new MemoryEngine(List.of(TreeStore.TABLE));
    TreeStore store = TreeStore.open(engine);
    PlainTree twin = new PlainTree();
    RandomCommands commands = new RandomCommands(seed);
    Random rounds = new Random(seed);
    int taken = 0;
    Batch batch = new Batch();
    for (int step = 0; step < steps; step++) {
      String where = "seed " + seed + " step " + step;
      TreeCommand command = commands.next(twin.index);
      assertEquals(twin.apply(command), store.apply(command, batch), () -> where + " " + command);
      if (rounds.nextInt(20) == 0) {
        engine.write(batch);
        batch = new Batch();
        store.publish();
        List<TreeEvent> events = store.takeEvents();
        assertEquals(twin.events.subList(taken, twin.events.size()), events, where);
        taken += events.size();
        Outcome all = twin.apply(new TreeCommand.Read(StorePath.ROOT, true, true));
        assertEquals(all, store.view().get(StorePath.ROOT, true, true), where);
        assertEquals(twin.index, store.view().index(), where);
      }
      if (rounds.nextInt(40) == 0 && batch.isEmpty()) {
        assertSameView(store.view(), TreeStore.open(engine).view(), where);
        store = rounds.nextBoolean() ? TreeStore.open(engine) : store;
      }
    }
    assertTrue(twin.index > EventHistory.EVENTS_MAX, "the history rolled");
    int from = Math.max(0, twin.events.size() - EventHistory.EVENTS_MAX);
    engine.write(batch);
    store.publish();
    assertEquals(twin.events.subList(from, twin.events.size()), store.view().history().since(0));
  }

  /** Nodes, index, history, deadlines and counters but those of the reads behind the last batch. */
  static void assertSameView(TreeView expected, TreeView actual, String where) {
    assertEquals(content(expected), content(actual), where);
    assertEquals(expected.index(), actual.index(), where);
    assertEquals(expected.history().since(0), actual.history().since(0), where);
    assertEquals(expected.earliestDeadline(), actual.earliestDeadline(), where);
  }

  private static List<String> content(TreeView view) {
    List<String> nodes = new ArrayList<>();
    Branches.walk(
        StorePath.ROOT,
        view.root(),
        (path, node) ->
            nodes.add(
                switch (node) {
                  case Node.File file -> path + " " + file;
                  case Node.Directory directory ->
                      path
                          + "/ "
                          + directory.createdIndex()
                          + " "
                          + directory.modifiedIndex()
                          + " "
                          + directory.expiresAt();
                }));
    return nodes;
  }

  @Test
  void readersSeeARoundOnlyWhenItIsPublished() {
    TreeView before = store.view();
    Batch batch = new Batch();
    store.apply(set("/1/a", 0), batch);
    assertEquals(0, store.view().index());
    engine.write(batch);
    store.publish();
    assertEquals(1, store.view().index());
    assertEquals(0, before.index());
    assertTrue(before.get(Bytes.utf8("/1/a"), false, false) instanceof Outcome.Refused);
  }

  @Test
  void theEarliestDeadlineIsKnownAndGoesWithItsDirectory() {
    Batch batch = new Batch();
    store.apply(set("/1/d/a", 2_000_000_000_000_000_000L), batch);
    store.apply(set("/1/d/b", 1_900_000_000_000_000_000L), batch);
    store.publish();
    assertEquals(OptionalLong.of(1_900_000_000_000_000_000L), store.view().earliestDeadline());
    store.apply(new TreeCommand.Delete(Bytes.utf8("/1/d"), false, true), batch);
    store.publish();
    assertFalse(store.view().hasDeadlines());
    assertTrue(store.view().removedWith(3, Bytes.utf8("/1/d"), Bytes.utf8("/1/d/a")));
    assertFalse(store.view().removedWith(3, Bytes.utf8("/1/d"), Bytes.utf8("/1/d/c")));
  }

  @Test
  void theClustersOwnRecordsAreNoUse() {
    Batch batch = new Batch();
    store.apply(set("/0/version", 0), batch);
    store.publish();
    assertFalse(store.view().isUsed());
    store.apply(set("/1/_hidden", 0), batch);
    store.publish();
    assertTrue(store.view().isUsed());
    store.apply(new TreeCommand.Delete(Bytes.utf8("/1/_hidden"), false, false), batch);
    store.publish();
    assertFalse(store.view().isUsed());
    store.apply(set("/2/enabled", 0), batch);
    store.publish();
    assertTrue(store.view().isUsed());
  }

  @Test
  void aPathOfFiveThousandPartsCostsNoStack() {
    Batch batch = new Batch();
    Bytes deep = Bytes.utf8("/1" + "/x".repeat(5_000));
    store.apply(set(deep.utf8(), 1_900_000_000_000_000_000L), batch);
    store.apply(new TreeCommand.Read(Bytes.utf8("/"), true, false), batch);
    engine.write(batch);
    store.publish();
    TreeStore again = TreeStore.open(engine);
    assertEquals(store.view().index(), again.view().index());

    batch = new Batch();
    again.apply(new TreeCommand.Delete(Bytes.utf8("/1/x"), false, true), batch);
    again.publish();
    assertFalse(again.view().hasDeadlines());
  }

  @Test
  void countersOutliveARestart() {
    Batch batch = new Batch();
    store.apply(set("/1/a", 0), batch);
    engine.write(batch);
    store.publish();
    batch = new Batch();
    store.apply(set("/1/a", 0), batch);
    engine.write(batch);
    TreeStatistics statistics = TreeStore.open(engine).view().statistics();
    assertEquals(1, statistics.get(Counter.SETS_SUCCESS), "as of the last round's start");
  }

  private static TreeCommand set(String path, long expiresAt) {
    return new TreeCommand.Set(Bytes.utf8(path), false, Bytes.utf8("v"), expiresAt, false);
  }
}
