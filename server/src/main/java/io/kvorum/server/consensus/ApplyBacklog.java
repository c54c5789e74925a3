// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.raft.Entry;
import java.util.ArrayDeque;
import java.util.List;

/**
 * How far apply is behind what was handed to it, in bytes. A member whose apply is behind by more
 * than the bound proposes nothing new until it has caught up; what it was told by others it must
 * keep anyway. Owned by the raft thread.
 */
final class ApplyBacklog {

  private record Handed(long lastIndex, long bytes) {}

  private final ArrayDeque<Handed> handed = new ArrayDeque<>();
  private final long bytesMax;
  private long bytes;

  ApplyBacklog(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  void handedOver(List<Entry> entries) {
    long size = 0;
    for (Entry entry : entries) {
      size += entry.data().length();
    }
    handed.add(new Handed(entries.getLast().index(), size));
    bytes += size;
  }

  void applied(long index) {
    Handed oldest = handed.peek();
    while (oldest != null && oldest.lastIndex <= index) {
      bytes -= oldest.bytes;
      handed.poll();
      oldest = handed.peek();
    }
  }

  boolean isFull() {
    return bytes > bytesMax;
  }
}
