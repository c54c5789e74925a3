// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.http.HttpAnswer;
import io.kvorum.ctl.http.HttpRequest;
import io.kvorum.ctl.http.HttpTransport;
import io.kvorum.ctl.http.HttpUrl;
import io.kvorum.ctl.http.MalformedUrl;
import io.kvorum.ctl.http.TimeLimitReached;
import io.kvorum.ctl.http.TransportFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends calls to a cluster: to the pinned endpoint first, then to the others in turn, each at most
 * once. The endpoint that answers is pinned.
 *
 * <pre>
 *   answer below 500          the result; this endpoint is pinned
 *   500, 503                  "has no leader", next endpoint
 *   other 5xx                 "returns server error", next endpoint
 *   no answer, header late    the reason, next endpoint
 *   total time over           CallTimedOut at once
 *   no endpoint left          ClusterUnavailable with every reason
 * </pre>
 *
 * <p>Writes go to the next endpoint too, as with etcdctl 2.3.7: one that timed out may be executed
 * twice. Not thread-safe.
 */
public final class ClusterClient {

  private static final int REDIRECTS_MAX = 10;

  private final HttpTransport transport;
  private final ClientSettings settings;
  private final EndpointOrder order;
  private final @Nullable CallTrace trace;
  private List<HttpUrl> endpoints;
  private int pinned;

  /**
   * @param endpoints the first endpoints, in any order
   * @param order shuffles them, now and whenever they change
   * @param trace hears of every request
   */
  public ClusterClient(
      HttpTransport transport,
      ClientSettings settings,
      List<HttpUrl> endpoints,
      EndpointOrder order,
      @Nullable CallTrace trace) {
    this.transport = transport;
    this.settings = settings;
    this.order = order;
    this.trace = trace;
    this.endpoints = order.shuffled(endpoints);
  }

  /** The endpoints in the order in which they are tried, as they were written. */
  public List<String> endpoints() {
    List<String> texts = new ArrayList<>(endpoints.size());
    for (HttpUrl endpoint : endpoints) {
      texts.add(endpoint.text());
    }
    return texts;
  }

  /** A moment from now on after which one call must be over. */
  public Deadline callDeadline() {
    return Deadline.in(settings.totalTimeoutNanos());
  }

  /** The plain transport, for requests that go to one place only. */
  public HttpTransport transport() {
    return transport;
  }

  /** Other endpoints from now on, shuffled. */
  public void replaceEndpoints(List<String> urls) {
    if (urls.isEmpty()) {
      throw new NoEndpoints();
    }
    List<HttpUrl> parsed = new ArrayList<>(urls.size());
    for (String url : urls) {
      try {
        parsed.add(HttpUrl.parse(url));
      } catch (MalformedUrl e) {
        throw new UnusableAnswer(String.valueOf(e.getMessage()));
      }
    }
    endpoints = order.shuffled(parsed);
    pinned = 0;
  }

  /** Sends a call; see the table above. */
  HttpAnswer send(ApiCall call, Deadline total) {
    List<String> reasons = new ArrayList<>(endpoints.size());
    boolean unconnected = true;
    int first = pinned;
    for (int i = 0; i < endpoints.size(); i++) {
      int index = (first + i) % endpoints.size();
      HttpUrl endpoint = endpoints.get(index);
      try {
        HttpAnswer answer = sendTo(endpoint, call, total);
        if (answer.status() / 100 != 5) {
          pinned = index;
          return answer;
        }
        reasons.add(serverError(endpoint, answer.status()));
        unconnected = false;
      } catch (TransportFailure e) {
        reasons.add(e.getMessage());
        unconnected &= e.isConnectionProblem();
      }
    }
    throw new ClusterUnavailable(reasons, unconnected);
  }

  private HttpAnswer sendTo(HttpUrl endpoint, ApiCall call, Deadline total) {
    HttpRequest request = call.at(endpoint, settings.authorization());
    for (int hop = 0; hop <= REDIRECTS_MAX; hop++) {
      HttpAnswer answer = exchange(endpoint, request, call.longPoll(), total);
      if (answer.status() / 100 != 3) {
        return answer;
      }
      request = request.at(location(answer));
    }
    throw TransportFailure.of("client: too many redirects");
  }

  private HttpAnswer exchange(
      HttpUrl endpoint, HttpRequest request, boolean longPoll, Deadline total) {
    if (trace != null) {
      trace.tell(request);
    }
    long limit = settings.headerTimeoutNanos();
    Deadline header = longPoll || limit <= 0 ? Deadline.NEVER : Deadline.in(limit);
    try {
      return transport.exchange(request, header, total);
    } catch (TimeLimitReached e) {
      if (total.isOver()) {
        throw new CallTimedOut();
      }
      throw TransportFailure.of("client: endpoint " + endpoint.text() + " exceeded header timeout");
    }
  }

  private static HttpUrl location(HttpAnswer answer) {
    String location = answer.header("location");
    if (location.isEmpty()) {
      throw TransportFailure.of("location header not set");
    }
    try {
      return HttpUrl.parse(location);
    } catch (MalformedUrl e) {
      throw TransportFailure.of("location header not valid URL: " + location);
    }
  }

  private static String serverError(HttpUrl endpoint, int status) {
    String member = "client: etcd member " + endpoint.text();
    if (status == 500 || status == 503) {
      return member + " has no leader";
    }
    return member + " returns server error [" + statusText(status) + "]";
  }

  private static String statusText(int status) {
    return switch (status) {
      case 501 -> "Not Implemented";
      case 502 -> "Bad Gateway";
      case 504 -> "Gateway Timeout";
      case 505 -> "HTTP Version Not Supported";
      case 511 -> "Network Authentication Required";
      default -> "";
    };
  }
}
