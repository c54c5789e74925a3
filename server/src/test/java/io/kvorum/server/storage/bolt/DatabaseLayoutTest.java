// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kvorum.base.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is what is read, whatever the shapes of keys, values and trees. */
class DatabaseLayoutTest {

  private static final int ROUNDS = 60;

  @Test
  void randomBucketsComeBackEqual() throws IOException {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, Map<Bytes, Bytes>> buckets = new TreeMap<>();
      int count = random.nextInt(12);
      for (int i = 0; i < count; i++) {
        buckets.put("bucket" + random.nextInt(1000), records(random));
      }
      requireSame(buckets, "seed " + seed + ", round " + round);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 44, 45, 5_000, 300_000})
  void smallRecordsFillAnyNumberOfLevels(int count) throws IOException {
    Map<Bytes, Bytes> records = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      records.put(Bytes.utf8("%017d".formatted(i)), Bytes.utf8("value " + i));
    }
    requireSame(Map.of("key", records), count + " records");
  }

  @Test
  void theLongestKeysEndInOneRoot() throws IOException {
    Map<Bytes, Bytes> records = new TreeMap<>();
    for (int i = 0; i < 50; i++) {
      byte[] key = new byte[TreePacker.KEY_BYTES_MAX];
      key[0] = (byte) i;
      records.put(Bytes.wrap(key), Bytes.EMPTY);
    }
    requireSame(Map.of("long", records), "50 keys of the greatest length");
  }

  @Test
  void keysOutOfOrderAndEmptyOnesAreRefused() {
    for (List<String> keys : List.of(List.of("b", "a"), List.of("a", "a"), List.of(""))) {
      List<Map.Entry<Bytes, Bytes>> entries =
          keys.stream().map(key -> Map.entry(Bytes.utf8(key), Bytes.EMPTY)).toList();
      BucketRecords bucket = new BucketRecords("key", () -> new ListCursor(entries));
      assertThrows(
          IllegalArgumentException.class, () -> DatabaseLayout.of(List.of(bucket)), "keys " + keys);
    }
  }

  private static void requireSame(Map<String, Map<Bytes, Bytes>> buckets, String about)
      throws IOException {
    DatabaseLayout layout = layout(buckets);
    byte[] file = DatabaseOnDisk.bytes(layout);
    assertEquals(layout.bytes(), file.length, about);
    assertEquals(buckets, DatabaseOnDisk.contents(file), about);
  }

  static DatabaseLayout layout(Map<String, Map<Bytes, Bytes>> buckets) {
    List<BucketRecords> sections = new ArrayList<>();
    buckets.forEach(
        (name, records) ->
            sections.add(
                new BucketRecords(name, () -> new ListCursor(List.copyOf(records.entrySet())))));
    sections.sort(Comparator.comparing(BucketRecords::name).reversed());
    return DatabaseLayout.of(sections);
  }

  static Map<Bytes, Bytes> records(SplittableRandom random) {
    Map<Bytes, Bytes> records = new TreeMap<>();
    int count = 1 << random.nextInt(12);
    int keyMax = 1 << (1 + random.nextInt(8));
    int valueMax = 1 << random.nextInt(10);
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(40) == 0 ? random.nextInt(20_000) : random.nextInt(valueMax + 1);
      records.put(bytes(random, 1 + random.nextInt(keyMax)), bytes(random, length));
    }
    return records;
  }

  private static Bytes bytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Bytes.wrap(bytes);
  }
}
