// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import io.kvorum.env.Disk;
import io.kvorum.env.DiskFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A segment file that is open and locked. It is opened exactly once: closing any other descriptor
 * of the same file would drop the lock. Reader counts are guarded by the log.
 */
final class Segment {

  final SegmentName name;
  final Path path;
  final DiskFile file;
  private int readers;
  private boolean released;

  Segment(SegmentName name, Path path, DiskFile file) {
    this.name = name;
    this.path = path;
    this.file = file;
  }

  static Segment open(Disk disk, Path directory, SegmentName name) throws IOException {
    Path path = directory.resolve(name.toString());
    return new Segment(name, path, lock(disk.open(path), path));
  }

  /** Gives {@code file} back locked, or closes it. */
  static DiskFile lock(DiskFile file, Path path) throws IOException {
    boolean locked = false;
    try {
      locked = file.tryLock();
    } finally {
      if (!locked) {
        file.close();
      }
    }
    if (!locked) {
      throw new LockedLog(path);
    }
    return file;
  }

  void beginRead() {
    readers++;
  }

  void endRead() throws IOException {
    readers--;
    closeIfUnused();
  }

  /** Closes the file, and with it the lock, once the last reader is done. */
  void release() throws IOException {
    released = true;
    closeIfUnused();
  }

  private void closeIfUnused() throws IOException {
    if (released && readers == 0) {
      file.close();
    }
  }
}
