// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.ctl.ScriptedServer;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.http.HttpTransport;
import io.kvorum.ctl.http.HttpUrl;
import io.kvorum.ctl.http.MalformedUrl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterClientTest {

  private static final long SECOND = 1_000_000_000L;
  private static final ApiCall CALL = ApiCall.get("/x", "");

  private final ScriptedServer one;
  private final ScriptedServer two;
  private final List<String> trace = new ArrayList<>();

  ClusterClientTest() throws IOException {
    one = new ScriptedServer();
    two = new ScriptedServer();
  }

  @AfterEach
  void stop() throws IOException {
    one.close();
    two.close();
  }

  private ClusterClient client(long headerNanos, long totalNanos, String... urls)
      throws MalformedUrl {
    List<HttpUrl> endpoints = new ArrayList<>();
    for (String url : urls) {
      endpoints.add(HttpUrl.parse(url));
    }
    return new ClusterClient(
        new HttpTransport(30 * SECOND),
        new ClientSettings(headerNanos, totalNanos, "Basic eDp5"),
        endpoints,
        new EndpointOrder(1),
        new CallTrace(trace::add));
  }

  /** A client that tries {@code one} first, whatever the shuffle says. */
  private ClusterClient firstOneThenTwo(long headerNanos) throws MalformedUrl {
    for (String[] order :
        List.of(new String[] {one.url(), two.url()}, new String[] {two.url(), one.url()})) {
      ClusterClient client = client(headerNanos, 60 * SECOND, order);
      if (client.endpoints().get(0).equals(one.url())) {
        return client;
      }
    }
    throw new AssertionError("the shuffle ignores the order it is given");
  }

  private static int status(ClusterClient client) {
    return client.send(CALL, client.callDeadline()).status();
  }

  @Test
  void anEndpointThatAnswersIsPinned() throws MalformedUrl {
    one.on("GET /x", ScriptedServer.answer("500 Internal Server Error", ""));
    two.on("GET /x", ScriptedServer.answer("404 Not Found", ""));
    ClusterClient client = firstOneThenTwo(60 * SECOND);
    assertEquals(404, status(client));
    assertEquals(404, status(client));
    assertEquals(1, one.requests().size());
    assertEquals(List.of("GET /x [Basic eDp5]", "GET /x [Basic eDp5]"), two.requests());
    assertEquals(
        List.of(
            "cURL Command: curl -X GET " + one.url() + "/x",
            "cURL Command: curl -X GET " + two.url() + "/x",
            "cURL Command: curl -X GET " + two.url() + "/x"),
        trace);
  }

  @Test
  void everyEndpointSaysWhyItFailed() throws IOException, MalformedUrl {
    one.on("GET /x", ScriptedServer.answer("503 Service Unavailable", ""));
    one.on("GET /x", ScriptedServer.answer("502 Bad Gateway", ""));
    two.close();
    ClusterClient client = firstOneThenTwo(60 * SECOND);
    String refused = "dial tcp " + two.authority() + ": getsockopt: connection refused";
    ClusterUnavailable failure = assertThrows(ClusterUnavailable.class, () -> status(client));
    assertEquals("client: etcd cluster is unavailable or misconfigured", failure.getMessage());
    assertEquals(
        List.of("client: etcd member " + one.url() + " has no leader", refused), failure.details());
    assertFalse(failure.isConnectionProblem());
    assertEquals(
        "client: etcd member " + one.url() + " returns server error [Bad Gateway]",
        assertThrows(ClusterUnavailable.class, () -> status(client)).details().get(0));
  }

  @Test
  void onlyRefusalsEverywhereAreAConnectionProblem() throws IOException, MalformedUrl {
    one.close();
    two.close();
    ClusterClient client = firstOneThenTwo(60 * SECOND);
    assertTrue(assertThrows(ClusterUnavailable.class, () -> status(client)).isConnectionProblem());
  }

  @Test
  void aLateHeaderSendsTheCallToTheNextEndpoint() throws MalformedUrl {
    one.on("GET /x", ScriptedServer.SILENCE);
    two.on("GET /x", ScriptedServer.answer("200 OK", ""));
    assertEquals(200, status(firstOneThenTwo(SECOND / 10)));
    ClusterClient alone = client(SECOND / 10, 60 * SECOND, one.url());
    ClusterUnavailable failure = assertThrows(ClusterUnavailable.class, () -> status(alone));
    assertEquals(
        List.of("client: endpoint " + one.url() + " exceeded header timeout"), failure.details());
    assertFalse(failure.isConnectionProblem());
  }

  @Test
  void theTotalTimeEndsTheCallAtOnce() throws MalformedUrl {
    one.on("GET /x", ScriptedServer.SILENCE);
    ClusterClient client = client(60 * SECOND, SECOND / 10, one.url(), one.url());
    assertEquals(
        "context deadline exceeded",
        assertThrows(CallTimedOut.class, () -> status(client)).getMessage());
    assertEquals(1, one.requests().size());
  }

  @Test
  void longPollsHaveNoHeaderTimeout() throws MalformedUrl {
    one.on("GET /x", ScriptedServer.SILENCE);
    ClusterClient client = client(1, 60 * SECOND, one.url());
    assertThrows(
        CallTimedOut.class, () -> client.send(ApiCall.longPoll("/x", ""), Deadline.in(SECOND / 5)));
  }

  @Test
  void redirectsAreFollowedTenTimes() throws MalformedUrl {
    String moved =
        ScriptedServer.answer(
            "307 Temporary Redirect", "", "Location: " + two.url() + "/y?z=1\r\n");
    one.on("GET /x", moved);
    two.on("GET /y?z=1", ScriptedServer.answer("200 OK", ""));
    assertEquals(200, status(client(60 * SECOND, 60 * SECOND, one.url())));

    String inCircles =
        ScriptedServer.answer("307 Temporary Redirect", "", "Location: " + two.url() + "/x\r\n");
    two.on("GET /x", inCircles);
    ClusterClient client = client(60 * SECOND, 60 * SECOND, two.url());
    assertEquals(
        List.of("client: too many redirects"),
        assertThrows(ClusterUnavailable.class, () -> status(client)).details());
  }

  @Test
  void aRedirectToNowhereIsAFailureOfTheEndpoint() throws MalformedUrl {
    one.on("GET /x", ScriptedServer.answer("302 Found", ""));
    ClusterClient client = client(60 * SECOND, 60 * SECOND, one.url());
    assertEquals(
        List.of("location header not set"),
        assertThrows(ClusterUnavailable.class, () -> status(client)).details());
  }

  @Test
  void endpointsAreShuffledWithoutLoss() throws MalformedUrl {
    List<HttpUrl> urls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      urls.add(HttpUrl.parse("http://h:" + i));
    }
    Set<HttpUrl> firsts = new HashSet<>();
    for (long seed = 0; seed < 100; seed++) {
      List<HttpUrl> shuffled = new EndpointOrder(seed).shuffled(urls);
      assertEquals(Set.copyOf(urls), Set.copyOf(shuffled), "seed " + seed);
      firsts.add(shuffled.get(0));
    }
    assertEquals(3, firsts.size());
  }

  @Test
  void noEndpointsAreRefused() throws MalformedUrl {
    ClusterClient client = client(SECOND, SECOND, one.url());
    assertEquals(
        "client: no endpoints available",
        assertThrows(NoEndpoints.class, () -> client.replaceEndpoints(List.of())).getMessage());
  }
}
