// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One open file. Owned by one thread at a time, except that {@link #read} may be called from any
 * thread beside a write or a sync. A thread that uses the disk must not be interrupted: the JDK
 * closes a file under an interrupted thread, and with it go the file's locks.
 */
public interface DiskFile extends AutoCloseable {

  long size() throws IOException;

  /** Reads at {@code position} into {@code target}; returns the bytes read, -1 at the end. */
  int read(ByteBuffer target, long position) throws IOException;

  /** Writes all of {@code source} at {@code position}. Not durable until {@link #sync}. */
  void write(ByteBuffer source, long position) throws IOException;

  /** Cuts or extends (with zeros) the file to {@code size} bytes. */
  void resize(long size) throws IOException;

  /**
   * Extends the file to {@code size} bytes of zeros that own their blocks, so that writes below
   * {@code size} neither run out of room nor change metadata (which would make every later sync
   * slower). A file that is already as long is left alone.
   */
  void allocate(long size) throws IOException;

  /** Makes everything written durable (fdatasync; the size counts as data). */
  void sync() throws IOException;

  /**
   * Takes the exclusive lock of this file, as seen by other processes. The lock lives as long as
   * this object is open; nobody in this process may open the same file a second time meanwhile,
   * since closing any descriptor of a file drops its record locks.
   *
   * @return false when somebody else holds it
   */
  boolean tryLock() throws IOException;

  @Override
  void close() throws IOException;
}
