// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Deals seconds out so that no more than a certain number of deadlines fall into any of them: each
 * gets the second it asks for, or the next one with room.
 *
 * <p>For a new leader, which starts to count for all leases at one moment: many would end at one
 * moment too, and their clients find no time to renew.
 */
final class Spread {

  private static final class Second {
    int taken;
    long next;
  }

  private final int perSecondMax;
  private final Map<Long, Second> seconds = new HashMap<>();

  Spread(int perSecondMax) {
    this.perSecondMax = perSecondMax;
  }

  /** The second for one more deadline; not before {@code wanted}. */
  long place(long wanted) {
    long at = firstWithRoom(wanted);
    Second second = seconds.computeIfAbsent(at, fresh -> new Second());
    second.taken++;
    second.next = at + 1;
    return at;
  }

  /** Follows the full seconds to one that is not, and remembers the way for all it passed. */
  private long firstWithRoom(long wanted) {
    long at = wanted;
    for (Second second = full(at); second != null; second = full(at)) {
      at = second.next;
    }
    long passed = wanted;
    for (Second second = full(passed); second != null; second = full(passed)) {
      passed = second.next;
      second.next = at;
    }
    return at;
  }

  private @Nullable Second full(long at) {
    Second second = seconds.get(at);
    return second != null && second.taken >= perSecondMax ? second : null;
  }
}
