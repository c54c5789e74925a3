// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RangeIndexTest {

  private final Random random = new Random(7);
  private final RangeIndex<Integer> index = new RangeIndex<>();
  private final Map<KeyRange, Integer> plain = new HashMap<>();

  @Test
  void findsWhatAListFinds() {
    for (int i = 0; i < 20_000; i++) {
      KeyRange range = range();
      if (random.nextInt(i < 10_000 ? 3 : 2) > 0) {
        int number = i;
        int expected = plain.computeIfAbsent(range, none -> number);
        assertEquals(expected, index.computeIfAbsent(range, none -> number));
      } else {
        plain.remove(range);
        index.remove(range);
      }
      compare(key());
    }
    assertEquals(new TreeSet<>(plain.values()), new TreeSet<>(index.values()));
    Set.copyOf(plain.keySet()).forEach(index::remove);
    assertTrue(index.isEmpty());
  }

  private void compare(Bytes key) {
    Set<Integer> expected =
        plain.entrySet().stream()
            .filter(entry -> entry.getKey().contains(key))
            .map(Map.Entry::getValue)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<Integer> found = new TreeSet<>();
    index.covering(key, value -> assertTrue(found.add(value), "found twice"));
    assertEquals(expected, found);
    assertEquals(!expected.isEmpty(), index.covers(key));
  }

  private KeyRange range() {
    Bytes from = key();
    return switch (random.nextInt(4)) {
      case 0 -> KeyRange.only(from);
      case 1 -> new KeyRange(from, Optional.empty());
      case 2 -> KeyRange.prefix(from);
      default -> KeyRange.of(from, key());
    };
  }

  private Bytes key() {
    byte[] key = new byte[1 + random.nextInt(2)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) random.nextInt(5);
    }
    return Bytes.wrap(key);
  }
}
