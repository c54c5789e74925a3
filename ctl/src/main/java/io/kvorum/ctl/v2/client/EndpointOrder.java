// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import io.kvorum.ctl.http.HttpUrl;
import java.util.ArrayList;
import java.util.List;

/**
 * Shuffles endpoints, so that clients spread over the members. The numbers need not be good, only
 * cheap: a multiplicative mix of a seed.
 */
public final class EndpointOrder {

  private static final long STEP = 0x9e3779b97f4a7c15L;
  private static final long MIX = 0xbf58476d1ce4e5b9L;

  private long state;

  public EndpointOrder(long seed) {
    this.state = seed;
  }

  List<HttpUrl> shuffled(List<HttpUrl> endpoints) {
    List<HttpUrl> shuffled = new ArrayList<>(endpoints);
    for (int last = shuffled.size() - 1; last > 0; last--) {
      int other = (int) Long.remainderUnsigned(next(), last + 1L);
      HttpUrl moved = shuffled.get(last);
      shuffled.set(last, shuffled.get(other));
      shuffled.set(other, moved);
    }
    return shuffled;
  }

  private long next() {
    state += STEP;
    long mixed = (state ^ (state >>> 30)) * MIX;
    return mixed ^ (mixed >>> 29);
  }
}
