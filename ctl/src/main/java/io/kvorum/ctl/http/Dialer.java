// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** Makes connections. */
public final class Dialer {

  private Dialer() {}

  /**
   * Connects to the first of a host's addresses that answers, encrypted for {@code https}.
   *
   * @param head until when the whole exchange must be under way
   * @param limit until when the connection must be there
   * @throws TransportFailure when nobody answers, or not before the limit
   * @throws TimeLimitReached when {@code head} comes first
   */
  public static Socket connect(HttpUrl url, Deadline head, Deadline limit) {
    Deadline connected = limit.orEarlier(head);
    InetAddress[] addresses = resolve(url.host(), head, connected);
    TransportFailure first = null;
    for (InetAddress address : addresses) {
      try {
        Socket socket = dial(new InetSocketAddress(address, url.port()), head, connected);
        if (url.scheme().equals("https")) {
          socket = TlsUpgrade.of(socket, url, head);
        }
        return socket;
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
      HttpTransport.close(socket);
      throw connectTimeout(address, head);
    } catch (IOException e) {
      HttpTransport.close(socket);
      throw SocketFailures.connect(address, e);
    }
  }

  /** Which of the two limits it was decides what etcdctl says. */
  private static RuntimeException connectTimeout(InetSocketAddress address, Deadline head) {
    return head.isOver() ? new TimeLimitReached() : SocketFailures.connectTimeout(address);
  }
}
