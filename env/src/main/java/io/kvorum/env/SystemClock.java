// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import java.time.Instant;

/** The clock of this machine. */
public final class SystemClock implements Clock {

  @Override
  public long unixNanos() {
    Instant now = Instant.now();
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }

  @Override
  public long monotonicNanos() {
    return System.nanoTime();
  }
}
