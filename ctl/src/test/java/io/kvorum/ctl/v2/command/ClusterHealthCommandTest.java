// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.ctl.CommandRun;
import io.kvorum.ctl.ScriptedServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterHealthCommandTest {

  private final ScriptedServer server;
  private final ScriptedServer gone;

  ClusterHealthCommandTest() throws IOException {
    server = new ScriptedServer();
    gone = new ScriptedServer();
    gone.close();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private CommandRun health() {
    return CommandRun.of("--endpoints", server.url(), "cluster-health");
  }

  private void members(String... clientUrls) {
    StringBuilder members = new StringBuilder("{\"members\":[");
    for (int i = 0; i < clientUrls.length; i++) {
      members.append(i == 0 ? "" : ",").append("{\"id\":\"a").append(i);
      members.append("\",\"clientURLs\":[").append(clientUrls[i]).append("]}");
    }
    server.on("GET /v2/members", ScriptedServer.answer("200 OK", members.append("]}").toString()));
  }

  private static String quoted(ScriptedServer server) {
    return "\"" + server.url() + "\"";
  }

  @Test
  void oneHealthyMemberMakesAHealthyCluster() {
    members(quoted(gone), "", quoted(gone) + "," + quoted(server));
    server.on("GET /health", ScriptedServer.answer("200 OK", "{\"health\": \"true\"}"));
    String refused =
        gone.url()
            + ": Get "
            + gone.url()
            + "/health: dial tcp "
            + gone.authority()
            + ": getsockopt: connection refused\n";
    assertEquals(
        new CommandRun(
            0,
            "failed to check the health of member a0 on "
                + refused
                + "member a0 is unreachable: ["
                + gone.url()
                + "] are all unreachable\n"
                + "member a1 is unreachable: no available published client urls\n"
                + "failed to check the health of member a2 on "
                + refused
                + "member a2 is healthy: got healthy result from "
                + server.url()
                + "\ncluster is healthy\n",
            ""),
        health());
  }

  @Test
  void aTruthValueCountsToo() {
    members(quoted(server));
    server.on("GET /health", ScriptedServer.answer("200 OK", "{\"health\":true}"));
    assertEquals(0, health().code());
  }

  @Test
  void theAnswerOfAnUnhealthyMemberIsReadToo() {
    members(quoted(server));
    server.on(
        "GET /health", ScriptedServer.answer("503 Service Unavailable", "{\"health\": \"false\"}"));
    assertEquals(
        new CommandRun(
            5,
            "member a0 is unhealthy: got unhealthy result from "
                + server.url()
                + "\ncluster is unhealthy\n",
            ""),
        health());
  }

  @Test
  void anAnswerThatCannotBeReadIsNone() {
    members(quoted(server));
    server.on("GET /health", ScriptedServer.answer("200 OK", "<html>"));
    assertEquals(
        new CommandRun(
            5,
            "failed to check the health of member a0 on "
                + server.url()
                + ": invalid character '<' looking for beginning of value\n"
                + "member a0 is unreachable: ["
                + server.url()
                + "] are all unreachable\ncluster is unhealthy\n",
            ""),
        health());
  }

  @Test
  void withoutAMemberListNothingIsKnown() throws IOException {
    server.close();
    assertEquals(
        new CommandRun(
            4,
            "cluster may be unhealthy: failed to list members\n",
            "Error:  client: etcd cluster is unavailable or misconfigured\nerror #0: dial tcp "
                + server.authority()
                + ": getsockopt: connection refused\n\n"),
        health());
  }
}
