// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.HashMap;
import java.util.Map;

/**
 * Sends requests; keeps one idle connection for each host and port. Not thread-safe.
 *
 * <p>Plain blocking sockets, because a command's whole life is a few requests: nothing else starts
 * as fast (see docs/decisions/0011).
 */
public final class HttpTransport {

  private final long connectNanosMax;
  private final Map<String, HttpConnection> idle = new HashMap<>();

  /**
   * @param connectNanosMax how long connecting may take, within the limits of each request
   */
  public HttpTransport(long connectNanosMax) {
    this.connectNanosMax = connectNanosMax;
  }

  /**
   * One request and its answer. Redirects are not followed.
   *
   * @param header until when the head of the answer must be there, connecting included
   * @param whole until when all of it must be there
   * @throws TransportFailure when there is no answer
   * @throws TimeLimitReached when one of the deadlines comes first
   */
  public HttpAnswer exchange(HttpRequest request, Deadline header, Deadline whole) {
    Deadline head = header.orEarlier(whole);
    if (head.isOver()) {
      throw new TimeLimitReached();
    }
    String scheme = request.url().scheme();
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw TransportFailure.of("unsupported protocol scheme \"" + scheme + "\"");
    }
    String place = scheme + "://" + request.url().authority();
    HttpConnection kept = idle.remove(place);
    if (kept != null) {
      try {
        return exchange(kept, place, request, head, whole);
      } catch (TransportFailure e) {
        // The other side may close an idle connection at any time; what only reads may go again.
        if (kept.hasAnswered() || !request.method().equals("GET")) {
          throw e;
        }
      }
    }
    return exchange(connect(request.url(), head), place, request, head, whole);
  }

  private HttpAnswer exchange(
      HttpConnection connection, String place, HttpRequest request, Deadline head, Deadline whole) {
    boolean done = false;
    try {
      HttpAnswer answer = connection.exchange(request, head, whole);
      done = true;
      return answer;
    } finally {
      if (done && connection.isReusable()) {
        idle.put(place, connection);
      } else {
        connection.close();
      }
    }
  }

  private HttpConnection connect(HttpUrl url, Deadline head) {
    Deadline connected = Deadline.in(connectNanosMax).orEarlier(head);
    InetAddress[] addresses = resolve(url.host(), head, connected);
    TransportFailure first = null;
    for (InetAddress address : addresses) {
      try {
        Socket socket = dial(new InetSocketAddress(address, url.port()), head, connected);
        if (url.scheme().equals("https")) {
          socket = TlsUpgrade.of(socket, url, head);
        }
        return new HttpConnection(socket);
      } catch (TransportFailure e) {
        first = first == null ? e : first;
      }
    }
    throw first == null ? SocketFailures.lookup(url.host()) : first;
  }

  private static InetAddress[] resolve(String host, Deadline head, Deadline connected) {
    try {
      return Resolution.of(host, connected);
    } catch (TimeLimitReached e) {
      if (head.isOver()) {
        throw e;
      }
      throw SocketFailures.lookupTimeout(host);
    }
  }

  private static Socket dial(InetSocketAddress address, Deadline head, Deadline connected) {
    if (connected.isOver()) {
      throw connectTimeout(address, head);
    }
    // Without a proxy setting of its own the socket would first load the JVM's proxy machinery.
    Socket socket = new Socket(Proxy.NO_PROXY);
    try {
      socket.connect(address, connected.socketMillis());
      return socket;
    } catch (SocketTimeoutException e) {
      close(socket);
      throw connectTimeout(address, head);
    } catch (IOException e) {
      close(socket);
      throw SocketFailures.connect(address, e);
    }
  }

  /** Which of the two limits it was decides what etcdctl says. */
  private static RuntimeException connectTimeout(InetSocketAddress address, Deadline head) {
    return head.isOver() ? new TimeLimitReached() : SocketFailures.connectTimeout(address);
  }

  static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing was sent over it.
    }
  }
}
