// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.vertx.core.http.HttpConnection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connections that hold an answer without end; a stopping listener cuts them. */
public final class LongPolls {
  private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();

  void opened(HttpConnection connection) {
    open.add(connection);
  }

  void ended(HttpConnection connection) {
    open.remove(connection);
  }

  /** How many there are now. */
  public int count() {
    return open.size();
  }

  /** Closes them all, in the middle of their answers, as etcd does when it stops. */
  void cut() {
    open.forEach(HttpConnection::close);
  }
}
