// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import java.time.Duration;

/** Calls back later. Callbacks are short: they hand work to a {@link Worker} and return. */
public interface Timers {

  /** Calls {@code action} every {@code period}, first after one period, until cancelled. */
  Cancellable every(Duration period, Runnable action);

  /** Calls {@code action} once after {@code delay} unless cancelled before. */
  Cancellable after(Duration delay, Runnable action);

  /** A callback that can be called off; calling off twice is fine. */
  interface Cancellable {
    void cancel();
  }
}
