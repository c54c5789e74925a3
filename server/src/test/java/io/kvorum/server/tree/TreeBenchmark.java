// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import com.sun.management.ThreadMXBean;
import io.kvorum.base.Bytes;
import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.watch.TreeWatches;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import org.pcollections.TreePMap;

/**
 * Prints the figures of docs/performance.md about the tree: processor time and allocation of one
 * thread, so that a busy machine does not show. Run its main method on the class path of the tests.
 */
final class TreeBenchmark {

  private static final int KEYS = 100_000;
  private static final Bytes VALUE = Bytes.utf8("v".repeat(100));
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private TreeStore store = TreeStore.open(engine());
  private Batch batch = new Batch();

  private TreeBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    containers();
    for (String shape : List.of("/1/load/key%3$06d", "/1/load/d%1$04d/key%2$02d")) {
      new TreeBenchmark().run(shape);
    }
  }

  private static void containers() {
    Node node = new Node.File(VALUE, 1, 1, 0);
    List<Bytes> names = names("key%3$06d");
    List<Children> ours = new ArrayList<>(List.of(Children.EMPTY));
    List<TreePMap<Bytes, Node>> theirs = new ArrayList<>(List.of(TreePMap.empty()));
    for (Bytes name : names) {
      ours.set(0, ours.getFirst().with(name, node));
      theirs.set(0, theirs.getFirst().plus(name, node));
    }
    measure("Children.with", KEYS, i -> ours.set(0, ours.getFirst().with(names.get(i), node)));
    // A fresh node each time: the other one returns itself when nothing changes.
    measure(
        "TreePMap.plus",
        KEYS,
        i -> theirs.set(0, theirs.getFirst().plus(names.get(i), new Node.File(VALUE, i, 1, 0))));
    measure("Children.get", KEYS, i -> ours.getFirst().get(names.get(i)));
    measure("TreePMap.get", KEYS, i -> theirs.getFirst().get(names.get(i)));
    measure("Children, all", 20, i -> ours.getFirst().forEach(child -> {}));
    measure("TreePMap, all", 20, i -> theirs.getFirst().forEach((name, value) -> {}));
  }

  private void run(String shape) throws IOException {
    List<Bytes> paths = names(shape);
    paths.forEach(this::set);
    round();
    TreeWatches watches = new TreeWatches(store.view());
    for (int i = 0; i < 10_000; i++) {
      watches.watch(Bytes.utf8("/1/other/" + i), true, true, 0, () -> {});
    }
    measure(
        shape + " set",
        KEYS,
        i -> {
          set(paths.get(i));
          if (i % 100 == 0) {
            round();
          }
        });
    measure(
        shape + " set, a round each, 10k watchers",
        KEYS,
        i -> {
          set(paths.get(i));
          watches.publish(round(), store.view());
        });
    TreeView view = store.view();
    measure(shape + " get", KEYS, i -> view.get(paths.get(i), false, false));
    measure(shape + " get all", 5, i -> view.get(Bytes.utf8("/1"), true, true));
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    TreeJson.write(view, json, 0);
    measure(
        shape + " write JSON",
        5,
        i -> {
          try {
            TreeJson.write(view, new ByteArrayOutputStream(json.size()), 0);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    byte[] text = json.toByteArray();
    measure(shape + " read JSON", 5, i -> TreeJson.read(new ByteArrayInputStream(text)));
    MemoryEngine engine = engine();
    TreeStore.open(engine).replaceAll(TreeJson.read(new ByteArrayInputStream(text)), batch);
    engine.write(batch);
    measure(shape + " open", 5, i -> TreeStore.open(engine));
    measure(
        "encode an entry",
        KEYS,
        i -> EntryCodec.encode(i, new TreeCommand.Set(paths.get(i), false, VALUE, 0, false)));
  }

  private void set(Bytes path) {
    store.apply(new TreeCommand.Set(path, false, VALUE, 0, false), batch);
  }

  private List<TreeEvent> round() {
    batch = new Batch();
    store.publish();
    return store.takeEvents();
  }

  private static List<Bytes> names(String shape) {
    List<Bytes> names = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      names.add(Bytes.utf8(shape.formatted(i / 100, i % 100, i)));
    }
    Collections.shuffle(names, new Random(1));
    return names;
  }

  private static MemoryEngine engine() {
    return new MemoryEngine(List.of(TreeStore.TABLE));
  }

  /** The last of four runs counts: by then the code is compiled. */
  private static void measure(String name, int times, IntConsumer operation) {
    double micros = 0;
    long allocated = 0;
    for (int run = 0; run < 4; run++) {
      long bytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().threadId());
      long nanos = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < times; i++) {
        operation.accept(i);
      }
      micros = (THREADS.getCurrentThreadCpuTime() - nanos) / 1e3 / times;
      allocated =
          (THREADS.getThreadAllocatedBytes(Thread.currentThread().threadId()) - bytes) / times;
    }
    System.out.printf("%-60s %9.2f us %10d bytes%n", name, micros, allocated);
  }
}
