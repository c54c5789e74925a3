// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

/** How long a key shall live, in whole seconds: an unsigned 64-bit number, as clients give it. */
public record TimeToLive(long seconds) {
  private static final long NANOS = 1_000_000_000L;

  /**
   * The deadline in Unix nanoseconds. Overflows silently, as etcd does: an enormous time to live
   * gives an arbitrary deadline (recorded behaviour of etcd 2.3.7).
   */
  long deadline(long nowUnixNanos) {
    return nowUnixNanos + seconds * NANOS;
  }
}
