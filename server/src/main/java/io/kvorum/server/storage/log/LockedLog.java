// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

import java.nio.file.Path;

/** Another process (or another member in this one) uses the log. Nothing was changed. */
public final class LockedLog extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public LockedLog(Path file) {
    super(
        file
            + " is locked by another process: a member already runs on this data directory."
            + " Stop it, or give this one a directory of its own.");
  }
}
