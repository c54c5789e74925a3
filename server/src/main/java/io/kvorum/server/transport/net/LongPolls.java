// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.vertx.core.http.HttpConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The connections that hold an answer without end; a stopping listener cuts them. */
public final class LongPolls {
  /** How many such answers each has: over HTTP/2 a connection may have many. */
  private final Map<HttpConnection, Integer> open = new ConcurrentHashMap<>();

  void opened(HttpConnection connection) {
    open.merge(connection, 1, Integer::sum);
  }

  void ended(HttpConnection connection) {
    open.computeIfPresent(connection, (same, count) -> count == 1 ? null : count - 1);
  }

  /** How many connections there are now. */
  public int count() {
    return open.size();
  }

  /** Closes them all, in the middle of their answers, as etcd does when it stops. */
  void cut() {
    open.keySet().forEach(HttpConnection::close);
  }
}
