// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work for one event loop from other threads. However many replies the apply thread completes in a
 * round, the loop is woken once: it then encodes and writes all that are there. The number of
 * waiting entries is bounded by the requests in flight.
 */
final class LoopInbox {
  private static final Logger LOG = LoggerFactory.getLogger(LoopInbox.class);

  /** A turn that is too long keeps the loop from its sockets. */
  private static final int TURN_MAX = 1024;

  private static final ThreadLocal<LoopInbox> CURRENT =
      ThreadLocal.withInitial(() -> new LoopInbox(currentContext()));

  private final Context context;
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  private LoopInbox(Context context) {
    this.context = context;
  }

  private static Context currentContext() {
    return Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
  }

  /** The inbox of the event loop that calls. */
  static LoopInbox current() {
    return CURRENT.get();
  }

  /** Runs {@code work} on the loop, after everything added before. Callable from any thread. */
  void add(Runnable work) {
    waiting.add(work);
    schedule();
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      context.runOnContext(nothing -> drain());
    }
  }

  private void drain() {
    int left = TURN_MAX;
    for (Runnable work = waiting.poll(); work != null; work = left > 0 ? waiting.poll() : null) {
      run(work);
      left--;
    }
    scheduled.set(false);
    if (!waiting.isEmpty()) {
      schedule();
    }
  }

  private static void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      // One connection's trouble must not keep the others of this turn from their answers.
      LOG.atError().setCause(e).log("a reply could not be written");
    }
  }
}
