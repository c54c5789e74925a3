// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.env.Clock;
import io.kvorum.server.request.KeyEvents;
import io.kvorum.server.transport.net.HttpAnswer;
import io.kvorum.server.transport.net.HttpExchange;
import io.kvorum.server.transport.net.HttpStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One watch's answer. The watch only says that there is something; events are taken, encoded and
 * written on the event loop, and only while the client reads. What a slow client leaves waiting is
 * bounded by the watch, which then ends, and with it the answer.
 */
final class EventStream {
  private final HttpExchange exchange;
  private final Clock clock;
  private final boolean endless;
  private final AtomicBoolean called = new AtomicBoolean();

  /** What to send; owned by the event loop, absent until the head is sent. */
  private @Nullable Running running;

  private record Running(HttpStream out, KeyEvents events) {}

  EventStream(HttpExchange exchange, Clock clock, boolean endless) {
    this.exchange = exchange;
    this.clock = clock;
    this.endless = endless;
  }

  /** There may be events to take. Any thread. */
  void ready() {
    if (called.compareAndSet(false, true)) {
      exchange.later(this::flow);
    }
  }

  /** Sends the head at once, then what has come so far. On the event loop. */
  void begin(HttpAnswer head, KeyEvents events) {
    running = new Running(exchange.stream(head, events::close), events);
    flow();
  }

  private void flow() {
    called.set(false);
    if (running != null && running.out().isOpen()) {
      flow(running.out(), running.events());
    }
  }

  private void flow(HttpStream out, KeyEvents events) {
    while (!out.isFull()) {
      var event = events.poll();
      if (event.isEmpty()) {
        if (events.hasEnded()) {
          out.end();
        }
        return;
      }
      var line = KeysJson.event(event.get(), clock.unixNanos());
      if (!endless) {
        out.end(line);
        return;
      }
      out.write(line);
    }
    out.onDrained(this::flow);
  }
}
