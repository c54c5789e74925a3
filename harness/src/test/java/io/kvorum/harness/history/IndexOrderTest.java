// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IndexOrderTest {
  private static IndexOrder.Stamp write(long begun, long ended, long index) {
    return new IndexOrder.Stamp(begun, ended, index, true, "write " + index);
  }

  private static IndexOrder.Stamp read(long begun, long ended, long index) {
    return new IndexOrder.Stamp(begun, ended, index, false, "read " + index);
  }

  private static boolean isBad(IndexOrder.Stamp... stamps) {
    return IndexOrder.violation(List.of(stamps)).isPresent();
  }

  @Test
  void twoWritesAtOneIndex() {
    assertTrue(isBad(write(1, 9, 4), write(2, 8, 4)));
  }

  @Test
  void aLaterWriteWithASmallerIndex() {
    assertTrue(isBad(write(1, 2, 5), write(3, 4, 4)));
    assertTrue(!isBad(write(1, 3, 5), write(3, 4, 4)), "they overlap at 3");
  }

  @Test
  void aReadFromThePast() {
    assertTrue(isBad(write(1, 2, 5), read(3, 4, 4)));
    assertTrue(!isBad(write(1, 2, 5), read(3, 4, 5)));
    assertTrue(isBad(read(1, 2, 5), read(3, 4, 4)));
    assertTrue(isBad(read(1, 2, 5), write(3, 4, 5)));
  }

  @Test
  void theNewestOfManyCountsHoweverLongAgo() {
    List<IndexOrder.Stamp> stamps = new ArrayList<>();
    stamps.add(write(1, 2, 1_000));
    for (int i = 0; i < 50; i++) {
      stamps.add(read(10 + i, 20 + i, 1_000));
    }
    assertEquals(Optional.empty(), IndexOrder.violation(stamps));
    stamps.add(read(100, 101, 999));
    assertTrue(IndexOrder.violation(stamps).orElseThrow().contains("read 999"));
  }

  @Test
  void goodHistoriesHaveNone() {
    for (int seed = 1; seed <= 20; seed++) {
      List<Operation<TreeCall, TreeAnswer>> history =
          Histories.make(
              new Random(seed), 8, 2_000, 3, Histories.treeCalls(5, 40), new PlainTree()::answer);
      List<IndexOrder.Stamp> stamps =
          history.stream().flatMap(operation -> IndexOrder.stamp(operation).stream()).toList();
      assertEquals(Optional.empty(), IndexOrder.violation(stamps), "seed " + seed);
    }
  }
}
