// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.kvorum.base.Bytes;
import io.kvorum.server.tree.Children.Child;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChildrenTest {

  @Test
  void holdsWhatASortedMapHoldsAndOldVersionsStayAsTheyWere() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int range : new int[] {3, 40, 3000}) {
      Children children = Children.EMPTY;
      TreeMap<Bytes, Node> model = new TreeMap<>();
      Children old = children;
      TreeMap<Bytes, Node> oldModel = new TreeMap<>();
      for (int step = 0; step < 20_000; step++) {
        // Long phases of growing and of shrinking, so that blocks split and merge.
        boolean grow = random.nextInt(10) < (step / 4000 % 2 == 0 ? 8 : 2);
        Bytes name = Bytes.utf8("n" + random.nextInt(range));
        if (grow) {
          Node node = file(step);
          children = children.with(name, node);
          model.put(name, node);
        } else {
          children = children.without(name);
          model.remove(name);
        }
        if (step % 1000 == 0) {
          assertSameContent(oldModel, old, "seed " + seed + " step " + step);
          assertSameContent(model, children, "seed " + seed + " step " + step);
          old = children;
          oldModel = new TreeMap<>(model);
        }
      }
    }
  }

  @Test
  void ascendingNamesAreAllKept() {
    Children children = Children.EMPTY;
    TreeMap<Bytes, Node> model = new TreeMap<>();
    for (int i = 0; i < 5000; i++) {
      Bytes name = Bytes.utf8("%020d".formatted(i));
      model.put(name, file(i));
      children = children.with(name, model.get(name));
    }
    assertSameContent(model, children, "ascending");
    for (int i = 0; i < 5000; i++) {
      children = children.without(Bytes.utf8("%020d".formatted(i)));
    }
    assertSame(Children.EMPTY, children);
  }

  @Test
  void fromASortedListOfAnyLength() {
    for (int size = 0; size < 1500; size += 7) {
      TreeMap<Bytes, Node> model = new TreeMap<>();
      for (int i = 0; i < size; i++) {
        model.put(Bytes.utf8("k" + i), file(i));
      }
      List<Child> sorted = new ArrayList<>();
      model.forEach((name, node) -> sorted.add(new Child(name, node)));
      assertSameContent(model, Children.ofSorted(sorted), "size " + size);
    }
  }

  private static void assertSameContent(Map<Bytes, Node> model, Children children, String where) {
    List<Child> expected = new ArrayList<>();
    model.forEach((name, node) -> expected.add(new Child(name, node)));
    List<Child> actual = new ArrayList<>();
    children.forEach(actual::add);
    assertEquals(expected, actual, where);
    assertEquals(model.size(), children.size(), where);
    model.forEach((name, node) -> assertSame(node, children.get(name), where));
    assertNull(children.get(Bytes.utf8("missing")), where);
  }

  private static Node file(long index) {
    return new Node.File(Bytes.EMPTY, index, index, 0);
  }
}
