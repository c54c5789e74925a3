// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kvorum.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class EntryRingTest {

  @Test
  void behavesLikeAPlainList() {
    for (long seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      LogPosition before = new LogPosition(1, random.nextInt(3));
      EntryRing ring = new EntryRing(before);
      List<Entry> twin = new ArrayList<>();
      for (int step = 0; step < 400; step++) {
        int what = random.nextInt(10);
        if (what < 7) {
          Entry entry = entry(ring.lastIndex() + 1, random.nextInt(50));
          ring.add(entry);
          twin.add(entry);
        } else if (what < 9 && !twin.isEmpty()) {
          before = twin.removeFirst().position();
          ring.removeFirst();
        } else {
          int keep = random.nextInt(twin.size() + 1);
          twin.subList(keep, twin.size()).clear();
          ring.truncateAfter(before.index() + keep);
        }
        check(ring, twin, before, "seed " + seed + " step " + step);
      }
    }
  }

  private static void check(EntryRing ring, List<Entry> twin, LogPosition before, String where) {
    assertEquals(before, ring.before(), where);
    assertEquals(before.index() + twin.size(), ring.lastIndex(), where);
    assertEquals(twin.isEmpty() ? before : twin.getLast().position(), ring.last(), where);
    assertEquals(twin.stream().mapToLong(RaftWire::size).sum(), ring.bytes(), where);
    assertEquals(twin, ring.copy(before.index() + 1, ring.lastIndex()), where);
  }

  @Test
  void refusesAGapAndAnIndexOutside() {
    EntryRing ring = new EntryRing(new LogPosition(1, 5));
    ring.add(entry(6, 1));
    assertThrows(BrokenInvariant.class, () -> ring.add(entry(8, 1)));
    assertThrows(IndexOutOfBoundsException.class, () -> ring.get(5));
    assertThrows(IndexOutOfBoundsException.class, () -> ring.get(7));
  }

  private static Entry entry(long index, int bytes) {
    return new Entry(EntryType.NORMAL, 1 + index / 7, index, Bytes.wrap(new byte[bytes]));
  }
}
