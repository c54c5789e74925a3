// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of request bodies that one port holds while they are still arriving. Without it,
 * clients that send slowly could fill the heap with half requests. Any thread.
 */
final class BodyBudget {
  private final AtomicLong left;

  BodyBudget(long bytesMax) {
    left = new AtomicLong(bytesMax);
  }

  /** Takes so many bytes unless there are fewer left. */
  boolean take(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }
}
