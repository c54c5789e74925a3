// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.client;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.grpc.GrpcCall;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.grpc.RpcStatus;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.v3.wire.Message;
import io.kvorum.ctl.v3.wire.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Watches over one stream, resumed at another member when it breaks: each event comes once and in
 * order. One thread calls {@link #next}, any may add watches.
 */
public final class WatchStream {

  private static final int WATCH_ID = 2;
  private static final int CREATED = 3;
  private static final int CANCELED = 4;
  private static final int COMPACT_REVISION = 5;
  private static final int EVENTS = 11;
  private static final long EVERY_WATCH = -1;

  /** One watch; its owner knows it by identity. */
  public static final class Watch {
    private final WatchOrder order;
    private long from;

    private Watch(WatchOrder order) {
      this.order = order;
      this.from = order.revision();
    }
  }

  /** An answer for one watch. */
  public record Delivery(Watch watch, Message answer) {

    public List<Message> events() {
      return answer.messages(EVENTS);
    }

    public boolean canceled() {
      return answer.flag(CANCELED) || compactRevision() != 0;
    }

    public long compactRevision() {
      return answer.number(COMPACT_REVISION);
    }
  }

  private final EtcdClient client;
  private final List<Watch> watches = new ArrayList<>();
  private final Deque<Watch> unanswered = new ArrayDeque<>();
  private final Map<Long, Watch> byNumber = new HashMap<>();
  private final Deque<Delivery> ready = new ArrayDeque<>();
  private @Nullable GrpcCall call;

  public WatchStream(EtcdClient client) {
    this.client = client;
  }

  /** Begins a watch. */
  public synchronized Watch add(WatchOrder order) {
    Watch watch = new Watch(order);
    GrpcCall stream = stream();
    watches.add(watch);
    unanswered.add(watch);
    sendOr(stream, order.request(watch.from));
    return watch;
  }

  /** Asks how far the stream has come. */
  public synchronized void requestProgress() {
    ProtoWriter request = new ProtoWriter();
    request.end(request.begin(3));
    sendOr(stream(), request.toBytes());
  }

  /** A stream that breaks now is found broken by the reader, who makes another. */
  private static void sendOr(GrpcCall stream, Bytes request) {
    try {
      stream.send(request);
    } catch (RpcFailure e) {
      if (e.status() != RpcStatus.UNAVAILABLE) {
        throw e;
      }
    }
  }

  private synchronized GrpcCall stream() {
    GrpcCall stream = call;
    if (stream == null) {
      stream = client.open(Rpc.WATCH, true, Deadline.NEVER);
      call = stream;
      unanswered.clear();
      byNumber.clear();
      for (Watch watch : watches) {
        unanswered.add(watch);
        sendOr(stream, watch.order.request(watch.from));
      }
    }
    return stream;
  }

  /**
   * The next answer. Blocks.
   *
   * @throws RpcFailure when the stream ended with a refusal
   */
  public Delivery next() {
    for (; ; ) {
      Delivery delivery = ready.poll();
      if (delivery != null) {
        return delivery;
      }
      take(receive());
    }
  }

  private Message receive() {
    for (; ; ) {
      try {
        Bytes bytes =
            stream()
                .receive()
                .orElseThrow(() -> new RpcFailure(RpcStatus.UNAVAILABLE, "stream ended", true));
        return Message.parse(Shape.of(Rpc.WATCH.answer()), bytes);
      } catch (RpcFailure e) {
        if (e.status() != RpcStatus.UNAVAILABLE && e.status() != RpcStatus.INTERNAL) {
          throw e;
        }
        synchronized (this) {
          call = null;
        }
        client.moveOn(Deadline.NEVER, true);
      }
    }
  }

  private synchronized void take(Message answer) {
    long number = answer.number(WATCH_ID);
    if (answer.flag(CREATED)) {
      Watch watch = unanswered.poll();
      if (watch == null) {
        return;
      }
      if (answer.flag(CANCELED)) {
        watches.remove(watch);
        ready.add(new Delivery(watch, answer));
        return;
      }
      byNumber.put(number, watch);
      if (watch.from == 0) {
        watch.from = answer.header().number(3) + 1;
      }
      ready.add(new Delivery(watch, answer));
    } else if (number == EVERY_WATCH && !answer.flag(CANCELED)) {
      for (Watch watch : byNumber.values()) {
        ready.add(new Delivery(watch, answer));
      }
    } else {
      Watch watch = byNumber.get(number);
      if (watch != null) {
        advance(number, watch, new Delivery(watch, answer));
      }
    }
  }

  private void advance(long number, Watch watch, Delivery delivery) {
    if (delivery.canceled()) {
      byNumber.remove(number);
      watches.remove(watch);
    } else if (delivery.events().isEmpty()) {
      watch.from = Math.max(watch.from, delivery.answer().header().number(3) + 1);
    } else {
      Message last = delivery.events().get(delivery.events().size() - 1);
      watch.from = last.message(2).number(2 + 1) + 1;
    }
    ready.add(delivery);
  }

  /** Ends the stream. */
  public synchronized void close() {
    if (call != null) {
      call.cancel();
      call = null;
    }
  }
}
