// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

/** A {@link Deadline} came before the answer. A write that was sent may have happened. */
public final class TimeLimitReached extends RuntimeException {

  public TimeLimitReached() {
    super("context deadline exceeded", null, false, false);
  }
}
