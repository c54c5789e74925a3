// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

/**
 * A moment on the monotonic clock after which waiting is over.
 *
 * @param atNanos the moment in {@link System#nanoTime()}, meaningless when {@code never}
 * @param never whether there is no end
 */
public record Deadline(long atNanos, boolean never) {

  public static final Deadline NEVER = new Deadline(0, true);

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** The moment that lies so many nanoseconds ahead; at once for zero and less. */
  public static Deadline in(long nanos) {
    return new Deadline(System.nanoTime() + Math.min(nanos, Long.MAX_VALUE / 4), false);
  }

  /** Whether the moment has come. */
  public boolean isOver() {
    return !never && atNanos - System.nanoTime() <= 0;
  }

  /** The earlier of two. */
  public Deadline orEarlier(Deadline other) {
    if (never || other.never) {
      return never ? other : this;
    }
    return atNanos - other.atNanos <= 0 ? this : other;
  }

  /**
   * What is left as a socket time-out in milliseconds: 0 for no limit, at least 1 otherwise, so
   * that it never turns into "no limit" by rounding.
   */
  public int socketMillis() {
    if (never) {
      return 0;
    }
    long millis = (atNanos - System.nanoTime() + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
    return (int) Math.min(Math.max(millis, 1), Integer.MAX_VALUE);
  }
}
