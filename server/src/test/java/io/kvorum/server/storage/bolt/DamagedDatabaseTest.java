// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A damaged file is told as such: never another exception, never a walk without an end. */
class DamagedDatabaseTest {

  private static final int PAGE = PageOutput.PAGE_BYTES;

  @Test
  void flippedBitsAreEitherSeenOrOnlyInKeysAndValues() throws IOException {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    byte[] intact = DatabaseOnDisk.recorded("many.db.gz");
    int seen = 0;
    for (int round = 0; round < 150; round++) {
      byte[] damaged = intact.clone();
      // Mostly in the heads of pages, where the structure is.
      int page = random.nextInt(damaged.length / PAGE);
      for (int i = 0; i <= random.nextInt(3); i++) {
        damaged[page * PAGE + random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
      }
      seen += isSeen(damaged, "seed " + seed + ", round " + round) ? 1 : 0;
    }
    assertTrue(seen > 10, "seen " + seen + " of 150, seed " + seed);
  }

  @Test
  void aFileCutOffAnywhereIsRefused() throws IOException {
    byte[] intact = DatabaseOnDisk.bytes(DatabaseLayoutTest.layout(Map.of("key", someRecords())));
    for (int length = 0; length < intact.length; length += 997) {
      byte[] cut = Arrays.copyOf(intact, length);
      assertThrows(
          CorruptDatabase.class, () -> DatabaseOnDisk.contents(cut), "cut to " + length + " bytes");
    }
  }

  @Test
  void oneMetaPageIsEnough() throws IOException {
    byte[] file = DatabaseOnDisk.bytes(DatabaseLayoutTest.layout(Map.of("key", someRecords())));
    for (int page = 0; page < 2; page++) {
      byte[] damaged = file.clone();
      damaged[page * PAGE + 30] ^= 1;
      assertEquals(Map.of("key", someRecords()), DatabaseOnDisk.contents(damaged));
    }
    file[30] ^= 1;
    file[PAGE + 30] ^= 1;
    CorruptDatabase refused =
        assertThrows(CorruptDatabase.class, () -> DatabaseOnDisk.open(file).close());
    assertTrue(String.valueOf(refused.getMessage()).contains("no intact meta page"));
  }

  @Test
  void branchesThatPointAtEachOtherEnd() throws IOException {
    byte[] file = DatabaseOnDisk.bytes(DatabaseLayoutTest.layout(Map.of("key", someRecords())));
    int branches = 0;
    for (int page = 2; page < file.length / PAGE; page++) {
      int at = page * PAGE;
      if (file[at + 8] == Page.BRANCH) {
        branches++;
        // Its first child is itself.
        for (int i = 0; i < Long.BYTES; i++) {
          file[at + 24 + i] = (byte) (page >> (8 * i));
        }
      }
    }
    assertTrue(branches > 0);
    assertThrows(CorruptDatabase.class, () -> DatabaseOnDisk.contents(file));
  }

  private static boolean isSeen(byte[] damaged, String about) {
    try {
      DatabaseOnDisk.contents(damaged);
      return false;
    } catch (CorruptDatabase seen) {
      return true;
    } catch (IOException | RuntimeException other) {
      throw new AssertionError(about, other);
    }
  }

  private static Map<Bytes, Bytes> someRecords() {
    Map<Bytes, Bytes> records = new TreeMap<>();
    for (int i = 0; i < 3000; i++) {
      records.put(Bytes.utf8("%08d".formatted(i)), Bytes.utf8("value " + i));
    }
    return records;
  }
}
