// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CrashDiskTest {

  private static final Path HOME = Path.of("/home");
  private static final Path FILE = HOME.resolve("file");

  private final CrashDisk disk = new CrashDisk();

  private DiskFile durableFile() throws IOException {
    disk.createDirectories(HOME);
    disk.syncDirectory(Path.of("/"));
    DiskFile file = disk.create(FILE);
    file.sync();
    disk.syncDirectory(HOME);
    return file;
  }

  private static byte[] content(CrashDisk disk, Path path) throws IOException {
    try (DiskFile file = disk.open(path)) {
      ByteBuffer target = ByteBuffer.allocate((int) file.size());
      if (target.hasRemaining()) {
        file.read(target, 0);
      }
      return target.array();
    }
  }

  private static ByteBuffer filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return ByteBuffer.wrap(bytes);
  }

  @Test
  void whatWasSyncedSurvivesEveryCrash() throws IOException {
    DiskFile file = durableFile();
    file.write(filled(2000, 1), 0);
    file.sync();
    file.write(filled(2000, 2), 2000);
    for (int seed = 0; seed < 200; seed++) {
      byte[] after = content(disk.crash(new SplittableRandom(seed)), FILE);
      assertTrue(after.length >= 2000, "seed " + seed);
      assertArrayEquals(filled(2000, 1).array(), Arrays.copyOf(after, 2000), "seed " + seed);
    }
  }

  @Test
  void everySectorKeepsOneOfItsVersions() throws IOException {
    DiskFile file = durableFile();
    file.write(filled(1024, 1), 0);
    file.sync();
    file.write(filled(1024, 2), 0);
    file.write(filled(1024, 3), 0);
    Set<List<Integer>> seen = new HashSet<>();
    for (int seed = 0; seed < 500; seed++) {
      byte[] after = content(disk.crash(new SplittableRandom(seed)), FILE);
      assertEquals(after[0], after[511]);
      seen.add(List.of((int) after[0], (int) after[512]));
    }
    assertEquals(9, seen.size(), "two sectors with three versions each");
  }

  @Test
  void aNameWithoutDirectorySyncMayVanishAndARenameIsAtomic() throws IOException {
    durableFile();
    Path other = HOME.resolve("other");
    disk.rename(FILE, other);
    boolean before = false;
    boolean after = false;
    for (int seed = 0; seed < 50; seed++) {
      CrashDisk crashed = disk.crash(new SplittableRandom(seed));
      assertEquals(1, crashed.list(HOME).size());
      before |= crashed.exists(FILE);
      after |= crashed.exists(other);
    }
    assertTrue(before && after);
    disk.syncDirectory(HOME);
    for (int seed = 0; seed < 50; seed++) {
      assertEquals(List.of("other"), disk.crash(new SplittableRandom(seed)).list(HOME));
    }
  }

  @Test
  void aCrashIsACloneAndTheDiskGoesOn() throws IOException {
    DiskFile file = durableFile();
    int[] clones = new int[1];
    disk.beforeEachSync(
        d -> {
          d.crash(new SplittableRandom(1));
          clones[0]++;
        });
    file.write(filled(10, 7), 0);
    file.sync();
    assertEquals(1, clones[0]);
    assertArrayEquals(filled(10, 7).array(), content(disk.crash(new SplittableRandom(2)), FILE));
  }

  @Test
  void faultsComeWhenOrdered() throws IOException {
    DiskFile file = durableFile();
    disk.faults().failSync(1);
    file.write(filled(600, 1), 0);
    assertThrows(IOException.class, file::sync);
    disk.faults().shortWrite(2);
    file.write(filled(1300, 2), 0);
    assertThrows(IOException.class, () -> file.write(filled(1300, 3), 0));
    assertEquals(3, content(disk, FILE)[511]);
    assertEquals(2, content(disk, FILE)[512]);
    disk.faults().capacityBytes(1400);
    assertThrows(IOException.class, () -> file.allocate(1401));
    file.allocate(1400);
    disk.flipBit(FILE, 8 * 1350 + 1);
    assertEquals(2, content(disk, FILE)[1350]);
  }

  @Test
  void aLockIsExclusiveUntilItsHolderCloses() throws IOException {
    DiskFile file = durableFile();
    assertTrue(file.tryLock());
    DiskFile second = disk.open(FILE);
    assertFalse(second.tryLock());
    file.close();
    assertTrue(second.tryLock());
  }
}
