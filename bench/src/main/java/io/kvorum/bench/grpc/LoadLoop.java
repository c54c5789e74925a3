// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench.grpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The connections of one load and the thread that turns them: whoever calls {@link #turn}. */
public final class LoadLoop implements AutoCloseable {

  private static final long LOOK_MILLIS = 10;

  private final Selector selector;
  private final List<Connection> connections = new ArrayList<>();

  public LoadLoop() throws IOException {
    selector = Selector.open();
  }

  /** A connection to the member at this URL; blocks until it is there. */
  public Connection connect(String url) throws IOException {
    URI uri = URI.create(url);
    Connection connection =
        Connection.open(new InetSocketAddress(uri.getHost(), uri.getPort()), selector);
    connections.add(connection);
    return connection;
  }

  /** Sends and receives until {@code done}, or until {@link System#nanoTime} is {@code until}. */
  public void turn(long until, BooleanSupplier done) throws IOException {
    while (!done.getAsBoolean() && System.nanoTime() - until < 0) {
      connections.forEach(Connection::flush);
      selector.select(LOOK_MILLIS);
      for (SelectionKey key : selector.selectedKeys()) {
        if (key.isValid() && key.attachment() instanceof Connection connection) {
          if (key.isReadable()) {
            connection.read();
          }
          connection.flush();
        }
      }
      selector.selectedKeys().clear();
    }
  }

  @Override
  public void close() throws IOException {
    connections.forEach(Connection::close);
    selector.close();
  }
}
