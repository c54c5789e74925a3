// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

/** Two readings of time: one for people and deadlines that cross machines, one for durations. */
public interface Clock {

  /** Nanoseconds since 1970 (UTC). May jump in either direction. */
  long unixNanos();

  /** Nanoseconds since some fixed moment of this process. Never goes back. */
  long monotonicNanos();
}
