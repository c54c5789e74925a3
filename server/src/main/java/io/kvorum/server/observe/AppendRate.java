// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

import io.kvorum.env.Clock;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Counts append messages in one direction and how fast they come: over the last 200 of them, and
 * zero after a second of silence (recorded behaviour of etcd 2.3.7). Callable from any thread.
 */
final class AppendRate {
  private static final int KEPT_MAX = 200;
  private static final long SILENCE_NANOS = 1_000_000_000L;

  private final Clock clock;
  private final Deque<Sample> recent = new ArrayDeque<>();
  private long count;
  private long recentBytes;

  AppendRate(Clock clock) {
    this.clock = clock;
  }

  private record Sample(long at, int bytes) {}

  synchronized void add(int bytes) {
    count++;
    recentBytes += bytes;
    recent.addLast(new Sample(clock.monotonicNanos(), bytes));
    if (recent.size() > KEPT_MAX) {
      recentBytes -= recent.removeFirst().bytes();
    }
  }

  synchronized AppendTraffic now() {
    if (recent.isEmpty() || clock.monotonicNanos() - recent.getLast().at() > SILENCE_NANOS) {
      recent.clear();
      recentBytes = 0;
      return new AppendTraffic(count, 0, 0);
    }
    double seconds = (recent.getLast().at() - recent.getFirst().at()) / 1e9;
    return seconds <= 0
        ? new AppendTraffic(count, 0, 0)
        : new AppendTraffic(count, recent.size() / seconds, recentBytes / seconds);
  }
}
