// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.env.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Timers that ring when the test says so, once, whatever their delay. */
final class HandTimers implements Timers {
  private List<Runnable> waiting = new ArrayList<>();

  void ring() {
    List<Runnable> due = waiting;
    waiting = new ArrayList<>();
    due.forEach(Runnable::run);
  }

  @Override
  public Cancellable every(Duration period, Runnable action) {
    throw new UnsupportedOperationException("nothing in a loop repeats by time");
  }

  @Override
  public Cancellable after(Duration delay, Runnable action) {
    waiting.add(action);
    return () -> waiting.remove(action);
  }
}
