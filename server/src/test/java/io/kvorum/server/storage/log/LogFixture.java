// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.base.Bytes;
import io.kvorum.env.CrashDisk;
import io.kvorum.env.DiskFile;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.LogPosition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What the log's tests share. */
final class LogFixture {

  static final Path DIRECTORY = Path.of("/data/member/wal");
  static final Path FIRST = DIRECTORY.resolve("0000000000000000-0000000000000000.wal");
  static final LogIdentity IDENTITY = new LogIdentity(0xb31c02ac56e1ddb7L, 0x53ac0d0904a3a0feL);

  private LogFixture() {}

  static Entry entry(long term, long index, String data) {
    return new Entry(EntryType.NORMAL, term, index, Bytes.utf8(data));
  }

  static List<Entry> entries(long term, long from, long to) {
    List<Entry> entries = new ArrayList<>();
    for (long index = from; index <= to; index++) {
      entries.add(entry(term, index, "entry " + index + " of term " + term));
    }
    return entries;
  }

  static LogLimits small(long segmentBytes) {
    return new LogLimits(segmentBytes, 4096, 1 << 20, 1 << 20);
  }

  /** A disk whose parent of the log's directory is durable, as bootstrap leaves it. */
  static CrashDisk disk() throws IOException {
    CrashDisk disk = new CrashDisk();
    disk.createDirectories(Path.of("/data/member"));
    disk.syncDirectory(Path.of("/"));
    disk.syncDirectory(Path.of("/data"));
    return disk;
  }

  /** A disk with one segment of these bytes. */
  static CrashDisk diskWith(byte[] segment) throws IOException {
    CrashDisk disk = disk();
    disk.createDirectories(DIRECTORY);
    try (DiskFile file = disk.create(FIRST)) {
      file.write(ByteBuffer.wrap(segment), 0);
      file.sync();
    }
    disk.syncDirectory(DIRECTORY);
    disk.syncDirectory(Path.of("/data/member"));
    return disk;
  }

  static byte[] bytes(CrashDisk disk, Path path) throws IOException {
    try (DiskFile file = disk.open(path)) {
      ByteBuffer target = ByteBuffer.allocate((int) file.size());
      if (target.hasRemaining()) {
        file.read(target, 0);
      }
      return target.array();
    }
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream in = LogFixture.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  static Opened open(CrashDisk disk) {
    return open(disk, LogPosition.ZERO, small(1 << 20));
  }

  static Opened open(CrashDisk disk, LogPosition start, LogLimits limits) {
    return WriteAheadLog.open(disk, DIRECTORY, start, limits);
  }
}
