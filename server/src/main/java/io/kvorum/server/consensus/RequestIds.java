// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of requests: unique across members and restarts, since an answer finds its waiter by them.
 *
 * <p>The upper 16 bits are the low bits of the member id, then 40 bits of milliseconds at the start
 * and 8 bits of room; from there on +1 each. A start after the clock went back continues above the
 * last own id found in the log (docs/architecture.md, law 11), and well above: proposals that were
 * forwarded shortly before the crash are in others' logs and will yet be answered.
 */
public final class RequestIds {

  private static final long LOW_48_BITS = (1L << 48) - 1;

  /** More than a member can have on the way, answered and given up, beyond what its log has. */
  private static final long UNLOGGED_MAX = 1L << 20;

  private final long prefix;
  private final AtomicLong low;

  /**
   * @param lastOwnId the highest id of this member found in the log, 0 for none
   */
  public RequestIds(long memberId, long startUnixMillis, long lastOwnId) {
    prefix = memberId << 48;
    long fromClock = (startUnixMillis << 8) & LOW_48_BITS;
    long fromLog = isOwn(memberId, lastOwnId) ? (lastOwnId & LOW_48_BITS) + UNLOGGED_MAX : 0;
    low = new AtomicLong(Math.max(fromClock, fromLog));
  }

  /** Whether {@code requestId} was made by this member. */
  public static boolean isOwn(long memberId, long requestId) {
    return requestId != 0 && requestId >>> 48 == (memberId & 0xffff);
  }

  public long next() {
    return prefix | (low.incrementAndGet() & LOW_48_BITS);
  }
}
