// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.snapshot;

import io.kvorum.env.Disk;
import io.kvorum.env.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A database that is being received: a temporary file until all of it is there and sound, then, in
 * one step, the one of its index. Used by one thread at a time.
 */
public final class IncomingDatabase {

  private final Disk disk;
  private final Path temporary;
  private final Path target;
  private @Nullable DiskFile file;
  private long length;

  IncomingDatabase(Disk disk, Path temporary, Path target) {
    this.disk = disk;
    this.temporary = temporary;
    this.target = target;
  }

  public void write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    opened().write(bytes, length);
    length += count;
  }

  private DiskFile opened() throws IOException {
    DiskFile open = file;
    if (open == null) {
      open = disk.create(temporary);
      file = open;
    }
    return open;
  }

  /** Makes the bytes durable and walks over all of them. */
  public DatabaseContents verify() {
    try {
      opened().sync();
      close();
    } catch (IOException failure) {
      throw new SnapshotFailure("can not write the database " + temporary, failure);
    }
    return DatabaseContents.read(disk, temporary);
  }

  /** Gives it its name, durably; one that is there already stays. */
  public void keep() {
    try {
      if (disk.exists(target)) {
        disk.delete(temporary);
      } else {
        disk.rename(temporary, target);
      }
      Path directory = target.getParent();
      if (directory != null) {
        disk.syncDirectory(directory);
      }
    } catch (IOException failure) {
      throw new SnapshotFailure("can not keep the database " + target, failure);
    }
  }

  /** Nothing is left of it. */
  public void abandon() {
    try {
      close();
      disk.delete(temporary);
    } catch (IOException failure) {
      throw new SnapshotFailure("can not delete " + temporary, failure);
    }
  }

  private void close() throws IOException {
    DiskFile open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }
}
