// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/** An open file of a {@link CrashDisk}; all work happens under the disk's lock. */
final class CrashHandle implements DiskFile {

  private final CrashDisk disk;
  private final CrashFile file;
  private final Path path;
  private boolean locking;
  private boolean closed;

  CrashHandle(CrashDisk disk, CrashFile file, Path path) {
    this.disk = disk;
    this.file = file;
    this.path = path;
  }

  @Override
  public long size() throws IOException {
    synchronized (disk) {
      requireOpen();
      return file.size();
    }
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    synchronized (disk) {
      requireOpen();
      return file.read(target, position);
    }
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    synchronized (disk) {
      requireOpen();
      requireRoom(position + source.remaining());
      if (disk.faults().onWrite()) {
        // Systems cut a write short where a page ends, so never inside of a sector.
        long cut = (position + source.remaining() / 2) / CrashFile.SECTOR * CrashFile.SECTOR;
        int half = (int) Math.max(0, cut - position);
        file.write(source.slice().limit(half), position);
        throw new IOException("injected short write: " + half + " bytes into " + path);
      }
      file.write(source, position);
    }
  }

  @Override
  public void resize(long size) throws IOException {
    synchronized (disk) {
      requireOpen();
      requireRoom(size);
      file.resize(size);
    }
  }

  @Override
  public void allocate(long size) throws IOException {
    synchronized (disk) {
      requireOpen();
      if (size > file.size()) {
        requireRoom(size);
        file.resize(size);
      }
    }
  }

  @Override
  public void sync() throws IOException {
    synchronized (disk) {
      requireOpen();
      disk.syncing(path);
      file.sync();
    }
  }

  @Override
  public boolean tryLock() throws IOException {
    synchronized (disk) {
      requireOpen();
      if (file.locked) {
        return false;
      }
      file.locked = true;
      locking = true;
      return true;
    }
  }

  @Override
  public void close() {
    synchronized (disk) {
      if (!closed && locking) {
        file.locked = false;
      }
      closed = true;
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  private void requireRoom(long end) throws IOException {
    long more = end - file.size();
    if (more > 0 && disk.usedBytes() + more > disk.faults().capacityBytes()) {
      throw new IOException("No space left on device (injected): " + path);
    }
  }
}
