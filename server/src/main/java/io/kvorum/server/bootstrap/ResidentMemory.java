// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process has in hand, where Linux tells. */
final class ResidentMemory {
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE_BYTES = 4096;

  private ResidentMemory() {}

  /** 0 where the system does not tell. */
  static long bytes() {
    try {
      String[] pages = Files.readString(STATM).split(" ", -1);
      return pages.length > 1 ? Long.parseLong(pages[1]) * PAGE_BYTES : 0;
    } catch (IOException | NumberFormatException unknown) {
      return 0;
    }
  }
}
