// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;

/** A file of the machine, opened once: its record lock dies with this channel, or any other. */
final class RealFile implements DiskFile {

  /**
   * Large enough to make the cost of a call vanish, small enough for the JDK to keep the copy it
   * makes off the heap.
   */
  private static final int ZEROS_BYTES = 1 << 18;

  private final FileChannel channel;

  RealFile(FileChannel channel) {
    this.channel = channel;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return channel.read(target, position);
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    long at = position;
    while (source.hasRemaining()) {
      at += channel.write(source, at);
    }
  }

  @Override
  public void resize(long size) throws IOException {
    long before = channel.size();
    if (size < before) {
      channel.truncate(size);
    } else if (size > before) {
      write(ByteBuffer.allocate(1), size - 1);
    }
  }

  @Override
  public void allocate(long size) throws IOException {
    // The JDK offers no fallocate. Written zeros are better anyway: a block that fallocate
    // reserved changes metadata when it is first written, a block of zeros does not, and it is the
    // sync of that metadata that a commit would have to wait for (docs/performance.md).
    ByteBuffer zeros = ByteBuffer.allocate(ZEROS_BYTES);
    for (long at = channel.size(); at < size; at += zeros.limit()) {
      zeros.clear().limit((int) Math.min(ZEROS_BYTES, size - at));
      write(zeros, at);
    }
  }

  @Override
  public void sync() throws IOException {
    channel.force(false);
  }

  @Override
  public boolean tryLock() throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // held inside this process
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
