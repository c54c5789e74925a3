// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import io.kvorum.base.Bytes;
import io.kvorum.bench.grpc.Connection;
import io.kvorum.bench.grpc.Exchange;
import io.kvorum.bench.grpc.LoadLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Puts keys once each, values of 256 bytes, as fast as so many clients can. */
final class Fill implements AutoCloseable {

  private static final int CONNECTIONS_MAX = 100;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(20);
  private static final Bytes VALUE = Bytes.utf8("x".repeat(256));

  private final String prefix;
  private final int keys;
  private final int clients;
  private final LoadLoop loop;
  private int begun;
  private int done;
  private int failed;

  Fill(String prefix, int keys, int clients) throws IOException {
    this.prefix = prefix;
    this.keys = keys;
    this.clients = clients;
    loop = new LoadLoop();
  }

  /** Returns when all are acknowledged. */
  void run(String member) throws IOException {
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < Math.min(clients, CONNECTIONS_MAX); i++) {
      connections.add(loop.connect(member));
    }
    for (int i = 0; i < clients; i++) {
      new Client(connections.get(i % connections.size())).next();
    }
    loop.turn(System.nanoTime() + PATIENCE_NANOS, () -> done == keys || failed > 0);
    if (done < keys) {
      throw new IOException("filling " + member + ": " + done + " of " + keys + " keys are there");
    }
  }

  @Override
  public void close() throws IOException {
    loop.close();
  }

  private final class Client implements Exchange {

    private final Connection connection;
    private boolean answered;

    Client(Connection connection) {
      this.connection = connection;
    }

    void next() {
      if (begun < keys) {
        answered = false;
        Bytes key = Bytes.utf8("%s%08d".formatted(prefix, begun++));
        connection.call(V3Requests.PUT, V3Requests.put(key, VALUE), true, this);
      }
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
      if (answered && !broken) {
        done++;
        next();
      } else {
        failed++;
      }
    }
  }
}
