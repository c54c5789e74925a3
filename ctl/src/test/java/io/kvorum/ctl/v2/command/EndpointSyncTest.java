// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.ctl.CommandRun;
import io.kvorum.ctl.ScriptedServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Finding the cluster before the command: what is asked, and how failures end. */
class EndpointSyncTest {

  private static final String GET = "GET /v2/keys/k?quorum=false&recursive=false&sorted=false";
  private static final String FOUND =
      "{\"action\":\"get\",\"node\":{\"key\":\"/k\",\"value\":\"v\"}}";
  private static final String UNAVAILABLE =
      "Error:  client: etcd cluster is unavailable or misconfigured\n";

  private final ScriptedServer server;
  private final ScriptedServer other;

  EndpointSyncTest() throws IOException {
    server = new ScriptedServer();
    other = new ScriptedServer();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    other.close();
  }

  private static CommandRun get(String endpoints, String... globals) {
    return CommandRun.with("", Map.of(), arguments(endpoints, globals));
  }

  private static String[] arguments(String endpoints, String... globals) {
    String[] all = new String[globals.length + 4];
    System.arraycopy(globals, 0, all, 0, globals.length);
    all[globals.length] = "--endpoints=" + endpoints;
    all[globals.length + 1] = "get";
    all[globals.length + 2] = "--";
    all[globals.length + 3] = "k";
    return all;
  }

  private static String members(String... clientUrls) {
    StringBuilder members = new StringBuilder("{\"members\":[");
    for (int i = 0; i < clientUrls.length; i++) {
      members.append(i == 0 ? "" : ",").append("{\"id\":\"").append(i);
      members.append("\",\"name\":\"m\",\"peerURLs\":[],\"clientURLs\":[");
      members.append(clientUrls[i].isEmpty() ? "" : "\"" + clientUrls[i] + "\"").append("]}");
    }
    return ScriptedServer.answer("200 OK", members.append("]}").toString());
  }

  @Test
  void theCommandGoesWhereTheMembersSay() {
    server.on("GET /v2/members", members(other.url()));
    other.onKeys(GET, 3, FOUND);
    assertEquals(new CommandRun(0, "v\n", ""), get(server.url()));
    assertEquals(List.of("GET /v2/members"), server.requests());
  }

  @Test
  void debuggingShowsEveryStep() {
    server.asOnlyMember().onKeys(GET, 3, FOUND);
    assertEquals(
        "start to sync cluster using endpoints("
            + server.url()
            + ")\ncURL Command: curl -X GET "
            + server.url()
            + "/v2/members\ngot endpoints("
            + server.url()
            + ") after sync\nCluster-Endpoints: "
            + server.url()
            + "\ncURL Command: curl -X "
            + GET.replace("GET ", "GET " + server.url())
            + "\n",
        get(server.url(), "--debug").err());
    assertEquals(1, server.connections());
  }

  @Test
  void bodiesAreShownQuoted() {
    server.on("PUT /v2/keys/k?dir=true", ScriptedServer.answer("200 OK", FOUND));
    assertEquals(
        "Cluster-Endpoints: "
            + server.url()
            + "\ncURL Command: curl -X PUT "
            + server.url()
            + "/v2/keys/k?dir=true -d \"\"\n",
        CommandRun.of("--no-sync", "--debug", "--endpoints", server.url(), "setdir", "k").err());
  }

  @Test
  void refusedConnectionsEndWithStatusTwo() throws IOException {
    server.close();
    String refused = "dial tcp " + server.authority() + ": getsockopt: connection refused\n";
    assertEquals(
        new CommandRun(2, "", UNAVAILABLE + "error #0: " + refused + "\n"), get(server.url()));
    assertEquals(
        new CommandRun(4, "", UNAVAILABLE + "error #0: " + refused + "\n"),
        get(server.url(), "--no-sync"));
  }

  @Test
  void theKeyIsMissedOnlyAfterSynchronising() throws IOException {
    server.asOnlyMember();
    assertEquals(
        new CommandRun(1, "", "Error:  key required\n"),
        CommandRun.of("--endpoints", server.url(), "get"));
    server.close();
    assertEquals(2, CommandRun.of("--endpoints", server.url(), "get").code());
  }

  @Test
  void membersWithoutClientUrlsAreToldApart() {
    server.on("GET /v2/members", members("", ""));
    assertEquals(
        new CommandRun(
            4,
            "",
            "etcd cluster has no published client endpoints.\nTry '--no-sync' if you want to access"
                + " non-published client endpoints("
                + server.url()
                + ").\nError:  client: no endpoints available\n"),
        get(server.url()));
  }

  @Test
  void aServerOfTheFirstDaysIsAskedForItsPeers() {
    server.on("GET /v2/peers", ScriptedServer.answer("200 OK", other.url() + ", " + other.url()));
    other.onKeys(GET, 3, FOUND);
    assertEquals(new CommandRun(0, "v\n", ""), get(server.url()));
  }

  @Test
  void aPortThatIsNoClientPortLeavesAnEmptyEndpoint() {
    assertEquals(
        new CommandRun(4, "", UNAVAILABLE + "error #0: unsupported protocol scheme \"\"\n\n"),
        get(server.url()));
  }

  @Test
  void anUnknownSchemeIsToldWithoutDetails() {
    assertEquals(
        new CommandRun(4, "", "Error:  unsupported protocol scheme \"ftp\"\n"),
        get("ftp://127.0.0.1:1"));
  }

  @Test
  void aServerThatNeverAnswersIsGivenUpWithTheFirstReason() {
    server.on("GET /v2/members", ScriptedServer.SILENCE);
    server.on("GET /v2/peers", ScriptedServer.SILENCE);
    assertEquals(
        new CommandRun(
            4,
            "",
            UNAVAILABLE
                + "error #0: client: endpoint "
                + server.url()
                + " exceeded header timeout\n\n"),
        get(server.url(), "--timeout=100ms", "--total-timeout=1s"));
  }

  @Test
  void aMemberThatIsTooSlowIsNotTakenForAPeerPort() {
    server.on("GET /v2/members", ScriptedServer.SILENCE);
    assertEquals(
        new CommandRun(
            4,
            "",
            UNAVAILABLE
                + "error #0: client: endpoint "
                + server.url()
                + " exceeded header timeout\n\n"),
        get(server.url(), "--timeout=100ms", "--total-timeout=10s"));
  }

  @Test
  void theTotalTimeLimitIsTold() {
    server.on(GET, ScriptedServer.SILENCE);
    assertEquals(
        new CommandRun(4, "", "Error:  context deadline exceeded\n"),
        get(server.url(), "--no-sync", "--timeout=9s", "--total-timeout=100ms"));
  }

  @Test
  void theFirstEndpointSettingThatIsNotEmptyCounts() {
    server.asOnlyMember().onKeys(GET, 3, FOUND);
    CommandRun found = new CommandRun(0, "v\n", "");
    String nowhere = "http://127.0.0.1:1";
    String url = server.url();
    for (Map<String, String> environment :
        List.of(
            Map.of("ETCDCTL_ENDPOINTS", url, "ETCDCTL_ENDPOINT", nowhere),
            Map.of("ETCDCTL_ENDPOINT", url, "ETCDCTL_PEERS", nowhere),
            Map.of("ETCDCTL_PEERS", url),
            Map.of("ETCDCTL_PEERS", server.authority()))) {
      assertEquals(found, CommandRun.with("", environment, "get", "k"));
    }
    Map<String, String> wrong = Map.of("ETCDCTL_ENDPOINTS", nowhere);
    assertEquals(found, CommandRun.with("", wrong, "--endpoints", url, "-C", nowhere, "get", "k"));
    assertEquals(found, CommandRun.of("--endpoint", url, "get", "k"));
    assertEquals(found, CommandRun.of("--peers", url + "/", "get", "k"));
  }

  @Test
  void unusableEndpointsAreTold() {
    assertEquals(
        new CommandRun(1, "", "parse http://h:x: invalid port \":x\" after host\n"),
        get("http://h:x"));
  }
}
