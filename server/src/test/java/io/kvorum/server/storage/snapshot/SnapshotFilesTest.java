// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.env.CrashDisk;
import io.kvorum.env.DiskFile;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.RaftWire;
import io.kvorum.raft.SnapshotMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SnapshotFilesTest {

  private static final Path DIRECTORY = Path.of("/snap");
  private static final ConfState VOTERS = ConfState.of(List.of(1L, 2L), List.of(3L));

  private final CrashDisk disk = new CrashDisk();
  private final SnapshotFiles files = new SnapshotFiles(disk, DIRECTORY);

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = SnapshotFilesTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  private static byte[] bytes(CrashDisk disk, Path path) throws IOException {
    try (DiskFile file = disk.open(path)) {
      ByteBuffer target = ByteBuffer.allocate((int) file.size());
      file.read(target, 0);
      return target.array();
    }
  }

  private void save(long term, long index, String data) {
    files.save(new SnapshotMetadata(new LogPosition(term, index), VOTERS), Bytes.utf8(data));
  }

  @ParameterizedTest
  @ValueSource(strings = {"small.snap", "cluster.snap"})
  void genuineFilesAreReadAndWrittenAgainByteForByte(String name) throws IOException {
    byte[] genuine = resource(name);
    RaftWire.Snapshot snapshot = SnapshotCodec.decode(Bytes.wrap(genuine));
    files.save(snapshot.metadata(), snapshot.data());
    LogPosition position = snapshot.metadata().position();
    Path written =
        DIRECTORY.resolve("%016x-%016x.snap".formatted(position.term(), position.index()));
    assertArrayEquals(genuine, bytes(disk, written));
    assertEquals(Optional.of(snapshot), files.loadNewest(any -> true));
  }

  @Test
  void genuineFilesSayWhatTheyAre() throws IOException {
    RaftWire.Snapshot small = SnapshotCodec.decode(Bytes.wrap(resource("small.snap")));
    assertEquals("{}", small.data().utf8());
    assertEquals(new LogPosition(2, 2), small.metadata().position());
    RaftWire.Snapshot cluster = SnapshotCodec.decode(Bytes.wrap(resource("cluster.snap")));
    assertEquals(new LogPosition(3, 5419), cluster.metadata().position());
    assertEquals(4, cluster.metadata().confState().voters().size());
    assertEquals(10_221, cluster.data().length());
    RaftWire.Snapshot old = SnapshotCodec.decode(Bytes.wrap(resource("2.3.7.snap")));
    assertEquals(new LogPosition(2, 202), old.metadata().position());
    assertEquals(3, old.metadata().confState().voters().size());
  }

  @Test
  void theNewestThatCountsAndCanBeReadIsLoaded() throws IOException {
    save(1, 10, "a");
    save(2, 9, "b");
    save(2, 11, "c");
    assertEquals("c", files.loadNewest(any -> true).orElseThrow().data().utf8());
    assertEquals(
        "b", files.loadNewest(position -> position.index() < 11).orElseThrow().data().utf8());
    disk.flipBit(DIRECTORY.resolve("0000000000000002-000000000000000b.snap"), 100);
    assertEquals("b", files.loadNewest(any -> true).orElseThrow().data().utf8());
    assertTrue(disk.exists(DIRECTORY.resolve("0000000000000002-000000000000000b.snap.broken")));
    assertEquals(List.of(new LogPosition(1, 10), new LogPosition(2, 9)), files.positions());
  }

  @Test
  void theOldestAreDeletedBeyondTheLimit() {
    for (int index = 1; index <= 8; index++) {
      save(1, index, "x");
    }
    assertEquals(3, files.purge(5));
    assertEquals(4, files.positions().getFirst().index());
    assertEquals(0, files.purge(5));
  }

  @Test
  void whatWasSavedSurvivesEveryCrash() throws IOException {
    disk.syncDirectory(Path.of("/"));
    save(1, 5, "state".repeat(1000));
    for (int seed = 0; seed < 50; seed++) {
      CrashDisk after = disk.crash(new SplittableRandom(seed));
      assertEquals(
          files.loadNewest(any -> true),
          new SnapshotFiles(after, DIRECTORY).loadNewest(any -> true),
          "seed " + seed);
    }
  }

  @Test
  void aFailedWriteLeavesNothingBehind() {
    disk.faults().failSync(1);
    assertThrows(SnapshotFailure.class, () -> save(1, 5, "state"));
    assertEquals(List.of(), files.positions());
  }
}
