// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

import io.kvorum.env.Clock;
import java.util.function.LongConsumer;

/**
 * For log lines that outsiders could cause without end: lets one through per ten seconds and counts
 * the others. Callable from any thread.
 */
public final class Sparingly {

  private static final long PERIOD_NANOS = 10_000_000_000L;

  private final Clock clock;
  private boolean said;
  private long lastAt;
  private long unsaid;

  public Sparingly(Clock clock) {
    this.clock = clock;
  }

  /**
   * Runs {@code line}, now or not at all.
   *
   * @param line is given how many were kept back since the last one
   */
  public void say(LongConsumer line) {
    long keptBack;
    synchronized (this) {
      long now = clock.monotonicNanos();
      if (said && now - lastAt < PERIOD_NANOS) {
        unsaid++;
        return;
      }
      said = true;
      lastAt = now;
      keptBack = unsaid;
      unsaid = 0;
    }
    line.accept(keptBack);
  }
}
