// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import io.kvorum.base.Bytes;
import io.kvorum.bench.grpc.Connection;
import io.kvorum.bench.grpc.Exchange;
import io.kvorum.bench.grpc.Latencies;
import io.kvorum.bench.grpc.LoadLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Some clients put, many watch all of it. What is counted are events at watchers; their latency is
 * from the begin of the put to the event. A watcher that misses one makes the run a failed one.
 */
final class FanOut implements Workload {

  private static final int CONNECTIONS = 10;
  private static final int PADDING_BYTES = 248;
  private static final long LATE_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

  private final int watchers;
  private final int writers;

  FanOut(int watchers, int writers) {
    this.watchers = watchers;
    this.writers = writers;
  }

  @Override
  public int underWay() {
    return writers;
  }

  @Override
  public boolean writes() {
    return true;
  }

  @Override
  public Result run(String member, int seconds) throws IOException {
    try (LoadLoop loop = new LoadLoop()) {
      return new Run(seconds).go(loop, member);
    }
  }

  /** One run, on one thread. */
  private final class Run {

    private final int seconds;
    private final Latencies latencies = new Latencies();
    private int created;
    private long begun;
    private long written;
    private long failed;
    private long ends;

    Run(int seconds) {
      this.seconds = seconds;
    }

    Result go(LoadLoop loop, String member) throws IOException {
      List<Connection> connections = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        connections.add(loop.connect(member));
      }
      byte[] watch = V3Requests.watch(Bytes.utf8("fan/"), Bytes.utf8("fan0"));
      for (int i = 0; i < watchers; i++) {
        connections.get(i % CONNECTIONS).call(V3Requests.WATCH, watch, false, new Watcher(this));
      }
      loop.turn(System.nanoTime() + LATE_NANOS_MAX, () -> created == watchers);
      ends = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      Connection writing = loop.connect(member);
      for (int i = 0; i < writers; i++) {
        new Writer(this, writing).next();
      }
      loop.turn(ends, () -> false);
      long inTime = latencies.count();
      loop.turn(ends + LATE_NANOS_MAX, () -> latencies.count() == begun * watchers);
      return new Result(
          inTime,
          (double) inTime / seconds,
          latencies.millis(0.5),
          latencies.millis(0.99),
          failed + begun * watchers - latencies.count(),
          written);
    }
  }

  private static final class Writer implements Exchange {

    private final Run run;
    private final Connection connection;
    private boolean answered;

    Writer(Run run, Connection connection) {
      this.run = run;
      this.connection = connection;
    }

    void next() {
      answered = false;
      ByteBuffer value = ByteBuffer.allocate(Long.BYTES + PADDING_BYTES);
      value.putLong(System.nanoTime());
      Bytes key = Bytes.utf8("fan/" + run.begun++ % 100);
      connection.call(V3Requests.PUT, V3Requests.put(key, Bytes.wrap(value.array())), true, this);
    }

    @Override
    public boolean readsMessages() {
      return false;
    }

    @Override
    public void message(Bytes message) {
      answered = true;
    }

    @Override
    public void ended(boolean broken) {
      if (!answered || broken) {
        run.failed++;
      } else {
        run.written++;
        if (System.nanoTime() - run.ends < 0) {
          next();
        }
      }
    }
  }

  private record Watcher(Run run) implements Exchange {

    @Override
    public void message(Bytes message) {
      long now = System.nanoTime();
      boolean any =
          V3Requests.events(
              message,
              value ->
                  run.latencies.add(
                      now - ByteBuffer.wrap(value.toArray(), 0, Long.BYTES).getLong()));
      if (!any) {
        run.created++;
      }
    }

    @Override
    public void ended(boolean broken) {
      run.failed++;
    }
  }

  @Override
  public String toString() {
    return "watch, events at %d watchers of %d writers".formatted(watchers, writers);
  }
}
