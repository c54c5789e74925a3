// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.env.Clock;

/** A member's clock: its time of day may jump, its passing of time may not. */
final class SkewedClock implements Clock {

  private final Clock world;
  private long skewNanos;

  SkewedClock(Clock world) {
    this.world = world;
  }

  void jump(long nanos) {
    skewNanos += nanos;
  }

  void set(long nanos) {
    skewNanos = nanos;
  }

  @Override
  public long unixNanos() {
    return world.unixNanos() + skewNanos;
  }

  @Override
  public long monotonicNanos() {
    return world.monotonicNanos();
  }
}
