// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import io.kvorum.base.Bytes;
import io.kvorum.bench.grpc.Connection;
import io.kvorum.bench.grpc.Exchange;
import io.kvorum.bench.grpc.Latencies;
import io.kvorum.bench.grpc.LoadLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Clients that each repeat one call, beginning the next when the last is answered; up to a hundred
 * connections, which they share.
 */
final class V3Load implements Workload {

  static final int KEYS_OF_A_RANGE = 10_000;

  private static final int CONNECTIONS_MAX = 100;
  private static final long LATE_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);
  private static final Bytes VALUE = Bytes.utf8("x".repeat(256));

  /** What is repeated. */
  enum Kind {
    PUT("put", V3Requests.PUT, true),
    RANGE("range", V3Requests.RANGE, false),
    SERIALIZABLE_RANGE("serializable-range", V3Requests.RANGE, false),
    TXN("txn", V3Requests.TXN, true),
    LONG_RANGE("long-range", V3Requests.RANGE, false),
    KEEP_ALIVE("keep-alive", V3Requests.KEEP_ALIVE, false);

    final String option;
    final String path;
    final boolean writes;

    Kind(String option, String path, boolean writes) {
      this.option = option;
      this.path = path;
      this.writes = writes;
    }
  }

  private final Kind kind;
  private final int clients;
  private final int keys;
  private long lease;

  V3Load(Kind kind, int clients, int keys) {
    this.kind = kind;
    this.clients = clients;
    this.keys = keys;
  }

  @Override
  public void prepare(String member) throws IOException {
    if (kind == Kind.LONG_RANGE) {
      try (Fill fill = new Fill("long/", KEYS_OF_A_RANGE, 100)) {
        fill.run(member);
      }
    }
  }

  @Override
  public int underWay() {
    return clients;
  }

  @Override
  public boolean writes() {
    return kind.writes;
  }

  @Override
  public Result run(String member, int seconds) throws IOException {
    if (kind == Kind.KEEP_ALIVE) {
      lease = V3Requests.grantedLease(member);
    }
    try (LoadLoop loop = new LoadLoop()) {
      return new Run(seconds).go(loop, connect(loop, member));
    }
  }

  private List<Connection> connect(LoadLoop loop, String member) throws IOException {
    int each = (clients + CONNECTIONS_MAX - 1) / CONNECTIONS_MAX;
    if (each * (VALUE.length() + 128) > Connection.UNANSWERED_MAX) {
      throw new IllegalArgumentException(clients + " clients: too many for the connections");
    }
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < Math.min(clients, CONNECTIONS_MAX); i++) {
      connections.add(loop.connect(member));
    }
    return connections;
  }

  private byte[] request(long number) {
    Bytes key = Bytes.utf8("bench/k" + number % keys);
    return switch (kind) {
      case PUT -> V3Requests.put(key, VALUE);
      case RANGE -> V3Requests.range(key, false);
      case SERIALIZABLE_RANGE -> V3Requests.range(key, true);
      case TXN -> V3Requests.txn(key, VALUE);
      case LONG_RANGE -> V3Requests.range(Bytes.utf8("long/"), Bytes.utf8("long0"));
      case KEEP_ALIVE -> V3Requests.keepAlive(lease);
    };
  }

  /** One run, on one thread. */
  private final class Run {

    private final int seconds;
    private final Latencies latencies = new Latencies();
    private long ends;
    private long number;
    private long failed;
    private int waiting;

    Run(int seconds) {
      this.seconds = seconds;
    }

    Result go(LoadLoop loop, List<Connection> connections) throws IOException {
      ends = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      for (int i = 0; i < clients; i++) {
        new Client(this, connections.get(i % connections.size())).next();
      }
      loop.turn(ends, () -> waiting == 0);
      loop.turn(ends + LATE_NANOS_MAX, () -> waiting == 0);
      long done = latencies.count();
      if (done == 0) {
        throw new IOException(
            V3Load.this + ": nothing was answered in " + seconds + " s, " + failed + " failed");
      }
      return new Result(
          done,
          (double) done / seconds,
          latencies.millis(0.5),
          latencies.millis(0.99),
          failed + waiting,
          kind.writes ? done : 0);
    }

    boolean isOver() {
      return System.nanoTime() - ends >= 0;
    }
  }

  /** One call under way at a time; keep-alives are messages of one call. */
  private final class Client implements Exchange {

    private final Run run;
    private final Connection connection;
    private long began;
    private int stream;
    private boolean answered;

    Client(Run run, Connection connection) {
      this.run = run;
      this.connection = connection;
    }

    void next() {
      run.waiting++;
      answered = false;
      byte[] message = request(run.number++);
      began = System.nanoTime();
      if (kind == Kind.KEEP_ALIVE && stream != 0) {
        connection.message(stream, message, false);
      } else {
        stream = connection.call(kind.path, message, kind != Kind.KEEP_ALIVE, this);
      }
    }

    @Override
    public boolean readsMessages() {
      return false;
    }

    @Override
    public void message(Bytes message) {
      answered = true;
      if (kind == Kind.KEEP_ALIVE) {
        done();
      }
    }

    @Override
    public void ended(boolean broken) {
      if (answered && !broken) {
        done();
      } else {
        run.waiting--;
        run.failed++;
        stream = 0;
      }
    }

    private void done() {
      run.waiting--;
      if (!run.isOver()) {
        run.latencies.add(System.nanoTime() - began);
        next();
      }
    }
  }

  @Override
  public String toString() {
    return "%s, %d client%s"
        .formatted(kind.option.replace('-', ' '), clients, clients == 1 ? "" : "s");
  }
}
