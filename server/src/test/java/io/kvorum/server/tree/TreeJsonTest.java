// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedJson;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TreeJsonTest {

  @Test
  void aSnapshotOfGenuine34ComesOutByteForByte() throws IOException {
    byte[] genuine = resource("v2store-3.4.json");
    assertEquals(text(genuine), text(written(install(genuine).view())));
  }

  @Test
  void aSnapshotOfGenuine23IsReadWhole() throws IOException {
    byte[] genuine = resource("v2store-2.3.json");
    TreeView view = install(genuine).view();
    assertEquals(text(genuine), text(written(view)));
    assertEquals(187, view.index());
  }

  @Test
  void everyRandomTreeSurvivesTheTripThroughTheSnapshotAndTheTable() throws IOException {
    long seed = new Random().nextLong();
    for (int run = 0; run < 20; run++) {
      RandomCommands commands = new RandomCommands(seed + run);
      MemoryEngine engine = engine();
      TreeStore store = TreeStore.open(engine);
      Batch batch = new Batch();
      for (int step = 0; step < 1 + run * 150; step++) {
        store.apply(commands.next(store.index()), batch);
      }
      store.publish();
      byte[] json = written(store.view());
      TreeStore other = install(json);
      TreeStoreTest.assertSameView(store.view(), other.view(), "seed " + (seed + run));
    }
  }

  @Test
  void bytesThatAreNoTextSurvive() throws IOException {
    MemoryEngine engine = engine();
    TreeStore store = TreeStore.open(engine);
    Bytes odd = Bytes.copyOf(new byte[] {'/', '1', '/', (byte) 0xff, 'a'});
    Bytes value = Bytes.copyOf(new byte[] {0, (byte) 0xfe});
    store.apply(new TreeCommand.Set(odd, false, value, 0, false), new Batch());
    store.apply(new TreeCommand.Delete(odd, false, false), new Batch());
    store.apply(new TreeCommand.Set(odd, false, value, 0, false), new Batch());
    store.publish();
    TreeStoreTest.assertSameView(store.view(), install(written(store.view())).view(), "odd");
  }

  @Test
  void theSmallestSnapshotIsEnough() {
    TreeView view =
        install(
                """
                {"Root":{"Path":"/","Children":{"0":{"Path":"/0","Children":{"version":\
                {"Path":"/0/version","Value":"3.6.0","CreatedIndex":1,"ModifiedIndex":1}}}}},\
                "CurrentIndex":7,"CurrentVersion":2,"More":{"x":[1]}}\
                """
                    .getBytes(StandardCharsets.UTF_8))
            .view();
    assertEquals(7, view.index());
    assertEquals(0, view.history().size());
    assertTrue(view.get(Bytes.utf8("/1"), false, false) instanceof Outcome.TreeChanged);
  }

  @Test
  void aCutSnapshotIsRefused() throws IOException {
    byte[] genuine = resource("v2store-3.4.json");
    InputStream cut = new ByteArrayInputStream(genuine, 0, genuine.length - 2);
    assertThrows(MalformedJson.class, () -> TreeJson.read(cut));
  }

  @Test
  void membershipCanBeReadFromAReceivedSnapshot() throws IOException {
    TreeImage image = TreeJson.read(new ByteArrayInputStream(resource("v2store-3.4.json")));
    assertEquals(4, image.names(Bytes.utf8("/0/members")).size());
    assertEquals("3.4.0", image.value(Bytes.utf8("/0/version")).orElseThrow().utf8());
    assertEquals(List.of(), image.names(Bytes.utf8("/0/removed_members")));
  }

  /** Installs over other content and loads what is then in the table, which must be the same. */
  private static TreeStore install(byte[] json) {
    MemoryEngine engine = engine();
    TreeStore store = TreeStore.open(engine);
    Batch before = new Batch();
    Bytes path = Bytes.utf8("/1/before");
    store.apply(new TreeCommand.Set(path, false, path, 1_900_000_000_000_000_000L, false), before);
    engine.write(before);
    store.publish();
    Batch batch = new Batch();
    store.replaceAll(TreeJson.read(new ByteArrayInputStream(json)), batch);
    engine.write(batch);
    store.publish();
    TreeStoreTest.assertSameView(store.view(), TreeStore.open(engine).view(), "reloaded");
    return store;
  }

  private static byte[] written(TreeView view) throws IOException {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    TreeJson.write(view, target, 1_790_000_000_000_000_000L);
    return target.toByteArray();
  }

  private static MemoryEngine engine() {
    return new MemoryEngine(List.of(TreeStore.TABLE));
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = TreeJsonTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
