// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import java.util.List;

/**
 * How long a lease has to live.
 *
 * @param remainingSeconds rounded down; not above 0 when it ran out and is not yet revoked
 * @param keys that hang on it, if asked for
 */
public record LeaseTime(long grantedSeconds, long remainingSeconds, List<Bytes> keys) {

  public LeaseTime {
    keys = List.copyOf(keys);
  }
}
