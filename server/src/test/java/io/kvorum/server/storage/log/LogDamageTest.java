// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import static io.kvorum.server.storage.log.LogFixture.DIRECTORY;
import static io.kvorum.server.storage.log.LogFixture.FIRST;
import static io.kvorum.server.storage.log.LogFixture.IDENTITY;
import static io.kvorum.server.storage.log.LogFixture.bytes;
import static io.kvorum.server.storage.log.LogFixture.diskWith;
import static io.kvorum.server.storage.log.LogFixture.entries;
import static io.kvorum.server.storage.log.LogFixture.resource;
import static io.kvorum.server.storage.log.LogFixture.small;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.env.CrashDisk;
import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the log does when the disk lied or failed. */
final class LogDamageTest {

  private static final Path BROKEN = FIRST.resolveSibling(FIRST.getFileName() + ".broken");

  /** What a reader makes of a log: equal contents mean that nothing was lost. */
  private record Content(LogIdentity identity, HardState state, List<Entry> entries) {
    static Content of(CrashDisk disk) {
      Opened opened = LogFixture.open(disk);
      opened.log().close();
      return new Content(opened.identity(), opened.hardState(), opened.entries());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wal-library.bin", "wal-cluster-m1-first60.bin"})
  void oneFlippedBitAnywhereIsRefusedOrHarmless(String name) throws IOException {
    byte[] genuine = Arrays.copyOf(resource(name), 4096); // zeros behind, as on a real disk
    int used = used(genuine);
    Content whole = Content.of(diskWith(genuine));
    int refused = 0;
    int step = used > 1000 ? 3 : 1; // time
    for (int bit = 0; bit < used * 8; bit += step) {
      byte[] flipped = genuine.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      CrashDisk disk = diskWith(flipped);
      Content found;
      try {
        found = Content.of(disk);
      } catch (CorruptLog e) {
        refused++;
        assertArrayEquals(flipped, bytes(disk, FIRST), "a refusal changes nothing");
        assertEquals(FIRST, e.file());
        continue;
      }
      // A length at the end of a sector that turned zero is what a crash may leave, too: the one
      // place where a flipped bit can not be told from an unfinished write.
      boolean ambiguous = bit / 8 % 512 >= 504 && wordAt(flipped, bit / 8 & ~7) == 0;
      assertTrue(ambiguous || whole.equals(found), "bit " + bit % 8 + " of byte " + bit / 8);
    }
    assertTrue(refused > used * 7 / step, refused + " of " + used * 8 / step + " refused");
  }

  private static long wordAt(byte[] segment, int offset) {
    return ByteBuffer.wrap(segment).getLong(offset);
  }

  private static int used(byte[] segment) {
    int end = segment.length;
    while (segment[end - 1] == 0) {
      end--;
    }
    return end;
  }

  @Test
  void damageIsNamedWithFileOffsetAndAdvice() throws IOException {
    CrashDisk disk = diskWith(resource("wal-library.bin"));
    disk.flipBit(FIRST, (112 + 16) * 8L);
    String text = assertThrows(CorruptLog.class, () -> LogFixture.open(disk)).toString();
    assertTrue(text.contains(FIRST.toString()), text);
    assertTrue(text.contains("byte 112"), text);
    assertTrue(text.contains("replace this member"), text);
    assertFalse(disk.exists(BROKEN));
  }

  @Test
  void aTornSectorAtTheEndIsCutOffAndCopied() throws IOException {
    byte[] genuine = Arrays.copyOf(resource("wal-cluster-m1-first60.bin"), 4096);
    byte[] torn = genuine.clone();
    Arrays.fill(torn, 3072, 4096, (byte) 0); // the last sectors never reached the disk
    CrashDisk disk = diskWith(torn);
    List<Entry> before = Content.of(diskWith(genuine)).entries();
    Opened opened = LogFixture.open(disk);
    assertEquals(before.subList(0, opened.entries().size()), opened.entries());
    assertTrue(opened.entries().size() < before.size());
    assertTrue(disk.exists(BROKEN));
    assertArrayEquals(torn, bytes(disk, BROKEN));
    long next = opened.log().lastIndex() + 1;
    opened.log().append(entries(9, next, next), Optional.empty());
    opened.log().close();
    assertEquals(entries(9, next, next).getFirst(), Content.of(disk).entries().getLast());
  }

  @Test
  void aRecordCutByTheFilesEndIsTorn() throws IOException {
    byte[] genuine = resource("wal-library.bin");
    CrashDisk disk = diskWith(Arrays.copyOf(genuine, 300));
    assertEquals(3, LogFixture.open(disk).log().lastIndex());
    CrashDisk inLength = diskWith(Arrays.copyOf(genuine, 274));
    assertEquals(3, LogFixture.open(inLength).log().lastIndex());
  }

  @Test
  void garbageBehindTheEndIsZeroedBeforeAppending() throws IOException {
    byte[] genuine = Arrays.copyOf(resource("wal-library.bin"), 8192);
    Arrays.fill(genuine, 1024, 8192, (byte) 0x55); // behind a sector that was never written
    CrashDisk disk = diskWith(genuine);
    LogFixture.open(disk).log().close();
    byte[] after = bytes(disk, FIRST);
    assertArrayEquals(new byte[after.length - 424], Arrays.copyOfRange(after, 424, after.length));
  }

  @Test
  void damageInAnEarlierSegmentIsNeverRepaired() throws IOException {
    CrashDisk disk = LogFixture.disk();
    WriteAheadLog log = WriteAheadLog.create(disk, DIRECTORY, IDENTITY, small(2000));
    for (long index = 1; index <= 100; index++) {
      log.append(entries(1, index, index), Optional.empty());
      log.sync();
    }
    log.close();
    try (var file = disk.open(FIRST)) {
      file.resize(1500);
    }
    assertThrows(CorruptLog.class, () -> LogFixture.open(disk));
  }

  @Test
  void aMissingSegmentIsRefused() throws IOException {
    CrashDisk disk = LogFixture.disk();
    WriteAheadLog log = WriteAheadLog.create(disk, DIRECTORY, IDENTITY, small(500));
    for (long index = 1; index <= 100; index++) {
      log.append(entries(1, index, index), Optional.empty());
      log.sync();
    }
    log.close();
    List<String> names = disk.list(DIRECTORY);
    disk.delete(DIRECTORY.resolve(names.get(3)));
    assertThrows(CorruptLog.class, () -> LogFixture.open(disk));
    Opened rest = LogFixture.open(disk, new LogPosition(1, 90), small(500));
    assertEquals(entries(1, 91, 100), rest.entries(), "what is needed is there");
  }

  @Test
  void aFailedSyncIsFinal() throws IOException {
    CrashDisk disk = LogFixture.disk();
    WriteAheadLog log = WriteAheadLog.create(disk, DIRECTORY, IDENTITY, small(1 << 16));
    log.append(entries(1, 1, 3), Optional.empty());
    disk.faults().failSync(1);
    LogFailure failure = assertThrows(LogFailure.class, log::sync);
    assertTrue(failure.toString().contains("injected sync failure"));
    assertThrows(LogFailure.class, log::sync, "a second try would lie");
    assertThrows(LogFailure.class, () -> log.append(entries(1, 4, 4), Optional.empty()));
    log.close();
    assertTrue(LogFixture.open(disk).log().lastIndex() <= 3);
  }

  @Test
  void aFullDiskFailsBeforeAnyRecordIsHalfWritten() throws IOException {
    CrashDisk disk = LogFixture.disk();
    WriteAheadLog log = WriteAheadLog.create(disk, DIRECTORY, IDENTITY, small(1 << 16));
    disk.faults().capacityBytes(12_000);
    long durable = 0;
    LogFailure failure = null;
    for (long index = 1; failure == null; index++) {
      try {
        log.append(entries(1, index, index), Optional.empty());
        log.sync();
        durable = index;
      } catch (LogFailure e) {
        failure = e;
      }
    }
    assertTrue(failure.toString().contains("No space left on device"), failure.toString());
    log.close();
    assertEquals(entries(1, 1, durable), LogFixture.open(disk).entries());
    assertFalse(disk.exists(BROKEN));
  }

  @Test
  void aShortWriteIsUndoneAndFinal() throws IOException {
    CrashDisk disk = LogFixture.disk();
    WriteAheadLog log = WriteAheadLog.create(disk, DIRECTORY, IDENTITY, small(1 << 16));
    log.append(entries(1, 1, 3), Optional.empty());
    log.sync();
    log.append(entries(1, 4, 30), Optional.empty());
    disk.faults().shortWrite(1);
    assertThrows(LogFailure.class, log::sync);
    log.close();
    assertEquals(entries(1, 1, 3), LogFixture.open(disk).entries());
  }
}
