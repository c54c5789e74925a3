// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RealDiskTest {

  private final Disk disk = new RealDisk();

  @TempDir private Path home;

  @Test
  void newNamesBelongToTheirOwnerAlone() throws IOException {
    disk.createDirectories(home.resolve("a/b"));
    disk.create(home.resolve("a/b/file")).close();
    assertEquals("rwx------", mode(home.resolve("a/b")));
    assertEquals("rw-------", mode(home.resolve("a/b/file")));
    assertThrows(FileAlreadyExistsException.class, () -> disk.create(home.resolve("a/b/file")));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void allocationExtendsWithZerosAndLeavesContentAlone() throws IOException {
    try (DiskFile file = disk.create(home.resolve("file"))) {
      file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
      file.allocate(1_000_000);
      file.allocate(10);
      assertEquals(1_000_000, file.size());
      ByteBuffer head = ByteBuffer.allocate(5);
      file.read(head, 0);
      assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3, 0, 0}), head.flip());
      file.resize(2);
      assertEquals(2, file.size());
      file.resize(5);
      ByteBuffer cut = ByteBuffer.allocate(5);
      assertEquals(5, file.read(cut, 0));
      assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 0, 0, 0}), cut.flip());
      file.sync();
    }
  }

  @Test
  void aSecondHolderInThisProcessIsRefusedToo() throws IOException {
    try (DiskFile file = disk.create(home.resolve("file"))) {
      assertTrue(file.tryLock());
      assertFalse(file.tryLock());
    }
  }

  @Test
  void namesAreSortedRenamedAndDeleted() throws IOException {
    disk.create(home.resolve("b")).close();
    disk.create(home.resolve("a")).close();
    disk.create(home.resolve("c")).close();
    disk.rename(home.resolve("a"), home.resolve("c"));
    disk.delete(home.resolve("missing"));
    assertEquals(List.of("b", "c"), disk.list(home));
    disk.delete(home.resolve("b"));
    disk.syncDirectory(home);
    assertFalse(disk.exists(home.resolve("b")));
    assertTrue(disk.isDirectory(home));
  }
}
