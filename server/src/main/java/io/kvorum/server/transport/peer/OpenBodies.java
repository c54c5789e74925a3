// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The bodies of requests that are not whole yet, and how much memory they hold together. Owned by
 * the event loop.
 */
final class OpenBodies {

  /** One snapshot, or as much in smaller pieces. */
  private static final long BYTES_MAX = SnapshotBody.MESSAGE_BYTES_MAX + (64 << 20);

  private final Set<OpenBody> open = new LinkedHashSet<>();
  private long bytes;

  void add(OpenBody body) {
    open.add(body);
  }

  /** Makes room for {@code more} bytes; false when there is none. */
  boolean take(int more) {
    if (bytes + more > BYTES_MAX) {
      return false;
    }
    bytes += more;
    return true;
  }

  /** {@code body} is whole or its connection has ended; it held {@code held} bytes. */
  void remove(OpenBody body, long held) {
    if (open.remove(body)) {
      bytes -= held;
    }
  }

  /** Cuts those of which nothing has come for too long. */
  void cutStalled(long now) {
    List.copyOf(open).forEach(body -> body.cutIfStalled(now));
  }
}
