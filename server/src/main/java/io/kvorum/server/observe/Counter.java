// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

import java.util.concurrent.atomic.LongAdder;

/** A number of events. Callable from any thread. */
public final class Counter {
  private final LongAdder value = new LongAdder();

  public void increment() {
    value.increment();
  }

  public void add(long more) {
    value.add(more);
  }

  public long value() {
    return value.sum();
  }
}
