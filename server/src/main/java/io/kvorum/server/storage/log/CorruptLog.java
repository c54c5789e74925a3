// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import java.nio.file.Path;

/**
 * The log on disk can not be what this member wrote. Going on could un-acknowledge writes, so the
 * member must not start; nothing was changed.
 */
public final class CorruptLog extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final String ADVICE =
      "The member does not start, because acknowledged writes could be lost. Check the disk; then"
          + " replace this member: remove it from the cluster, move its data directory away, and"
          + " add it again as a new member. The files were left as they are.";

  private final transient Path file;
  private final long offset;

  /** {@code offset} is where in {@code file} the first byte in doubt is. */
  public CorruptLog(Path file, long offset, String problem) {
    super("%s is damaged at byte %d: %s. %s".formatted(file, offset, problem, ADVICE));
    this.file = file;
    this.offset = offset;
  }

  /** The log in {@code directory} as a whole is not what the member's store was built from. */
  public CorruptLog(Path directory, String problem) {
    super("%s: %s. %s".formatted(directory, problem, ADVICE));
    this.file = directory;
    this.offset = 0;
  }

  /** The damaged file, or the log's directory when a file is missing. */
  public Path file() {
    return file;
  }

  public long offset() {
    return offset;
  }
}
