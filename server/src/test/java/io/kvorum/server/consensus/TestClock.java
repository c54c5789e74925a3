// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.env.Clock;
import java.time.Duration;

/** Time that a test owns. */
final class TestClock implements Clock {

  private long now = 1_000_000_000;

  void pass(Duration duration) {
    now += duration.toNanos();
  }

  @Override
  public long unixNanos() {
    return now;
  }

  @Override
  public long monotonicNanos() {
    return now;
  }
}
