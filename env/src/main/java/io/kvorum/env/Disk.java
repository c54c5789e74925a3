// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file system as the log and the snapshots see it: few operations, each with a stated
 * durability. Names become durable only by {@link #syncDirectory}; contents only by {@link
 * DiskFile#sync}. Every method may be called from any thread.
 */
public interface Disk {

  /** Opens a new file for reading and writing; fails when the name exists. */
  DiskFile create(Path path) throws IOException;

  /** Opens an existing file for reading and writing. */
  DiskFile open(Path path) throws IOException;

  boolean exists(Path path);

  boolean isDirectory(Path path);

  /** The names (last components) in {@code directory}, sorted. */
  List<String> list(Path directory) throws IOException;

  /** Creates {@code directory} and missing parents with mode 0700. */
  void createDirectories(Path directory) throws IOException;

  /** Atomically gives {@code from} the name {@code to}, replacing what is there. */
  void rename(Path from, Path to) throws IOException;

  /** Removes a file or an empty directory; a missing one is fine. */
  void delete(Path path) throws IOException;

  /** Makes the names in {@code directory} durable. */
  void syncDirectory(Path directory) throws IOException;
}
