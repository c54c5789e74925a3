// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

import java.io.IOException;
import java.net.Socket;
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
    return new HttpConnection(Dialer.connect(url, head, Deadline.in(connectNanosMax)));
  }

  static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing was sent over it.
    }
  }
}
