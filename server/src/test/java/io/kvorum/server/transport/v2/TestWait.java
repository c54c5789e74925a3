// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.request.KeyEvents;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A watch that a test feeds. */
final class TestWait implements KeyEvents {
  final Queue<TreeEvent> events = new ConcurrentLinkedQueue<>();
  final CountDownLatch closed = new CountDownLatch(1);
  final AtomicInteger taken = new AtomicInteger();
  volatile String asked = "";
  volatile Runnable ready = () -> {};
  volatile boolean over;

  void tell(TreeEvent event) {
    events.add(event);
    ready.run();
  }

  @Override
  public Optional<TreeEvent> poll() {
    var event = Optional.ofNullable(events.poll());
    event.ifPresent(some -> taken.incrementAndGet());
    return event;
  }

  @Override
  public boolean hasEnded() {
    return over && events.isEmpty();
  }

  @Override
  public long startIndex() {
    return 96;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
