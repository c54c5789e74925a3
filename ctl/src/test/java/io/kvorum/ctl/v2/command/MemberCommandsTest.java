// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.ctl.CommandRun;
import io.kvorum.ctl.ScriptedServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemberCommandsTest {

  private static final String LIST =
      "{\"members\":[{\"id\":\"2d3c7ed58141b4c1\",\"name\":\"master2\",\"peerURLs\":[\"http://p:2\","
          + "\"http://p:3\"],\"clientURLs\":[\"http://c:2\"]},{\"id\":\"6993636228a8cbe2\","
          + "\"name\":\"\",\"peerURLs\":[\"http://p:4\"],\"clientURLs\":[]}]}";

  private final ScriptedServer server;

  MemberCommandsTest() throws IOException {
    server = new ScriptedServer();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private CommandRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--no-sync", "--endpoints", server.url(), "member"));
    all.addAll(List.of(arguments));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private static CommandRun failed(String err) {
    return new CommandRun(1, "", err);
  }

  @Test
  void listShowsWhoLeads() {
    server.on("GET /v2/members", ScriptedServer.answer("200 OK", LIST));
    server.on(
        "GET /v2/members/leader",
        ScriptedServer.answer("200 OK", "{\"id\":\"2d3c7ed58141b4c1\",\"name\":\"master2\"}"));
    assertEquals(
        new CommandRun(
            0,
            "2d3c7ed58141b4c1: name=master2 peerURLs=http://p:2,http://p:3 clientURLs=http://c:2"
                + " isLeader=true\n6993636228a8cbe2[unstarted]: peerURLs=http://p:4\n",
            ""),
        run("list"));
    assertEquals(failed("No arguments accepted\n"), run("list", "x"));
  }

  @Test
  void listIsEmptyWithoutALeader() {
    server.on("GET /v2/members", ScriptedServer.answer("200 OK", LIST));
    server.on("GET /v2/members/leader", ScriptedServer.answer("503 Service Unavailable", ""));
    assertEquals(
        failed("Failed to get leader:  client: etcd cluster is unavailable or misconfigured\n"),
        run("list"));
  }

  @Test
  void listFailuresAreBare() {
    server.on("GET /v2/members", ScriptedServer.answer("401 Unauthorized", "{}"));
    assertEquals(failed("unexpected status code 401\n"), run("list"));
  }

  @Test
  void addPrintsTheSettingsOfTheNewMember() {
    server.on(
        "POST /v2/members",
        ScriptedServer.answer(
            "201 Created",
            "{\"id\":\"6993636228a8cbe2\",\"name\":\"\",\"peerURLs\":[\"http://p:4\"],"
                + "\"clientURLs\":[]}"));
    server.on("GET /v2/members", ScriptedServer.answer("200 OK", LIST));
    assertEquals(
        new CommandRun(
            0,
            "Added member named master4 with ID 6993636228a8cbe2 to cluster\n\n"
                + "ETCD_NAME=\"master4\"\nETCD_INITIAL_CLUSTER=\"master2=http://p:2,"
                + "master2=http://p:3,master4=http://p:4\"\n"
                + "ETCD_INITIAL_CLUSTER_STATE=\"existing\"\n",
            ""),
        run("add", "master4", "http://p:4"));
    assertEquals("POST /v2/members {\"peerURLs\":[\"http://p:4\"]}", server.requests().get(0));
  }

  @Test
  void addIsRefusedInTheServersWords() {
    server.on(
        "POST /v2/members",
        ScriptedServer.answer("409 Conflict", "{\"message\":\"etcdserver: peerURL exists\"}"));
    assertEquals(failed("etcdserver: peerURL exists\n"), run("add", "x", "http://p:4"));
    assertEquals(failed("Provide a name and a single member peerURL\n"), run("add", "x"));
  }

  @Test
  void peerUrlsAreCheckedBeforeAnythingIsSent() {
    assertEquals(failed("URL scheme must be http or https: notaurl\n"), run("add", "x", "notaurl"));
    assertEquals(
        failed("URL address does not have the form \"host:port\": http://p\n"),
        run("add", "x", "http://p"));
    assertEquals(
        failed("URL must not contain a path: http://p:1/x\n"), run("add", "x", "http://p:1/x"));
    assertEquals(
        failed("parse http://p:x: invalid port \":x\" after host\n"),
        run("update", "1", "http://p:1,http://p:x"));
    assertEquals(List.of(), server.requests());
  }

  @Test
  void removeLooksForTheIdFirst() {
    server.on("GET /v2/members", ScriptedServer.answer("200 OK", LIST));
    server.on("DELETE /v2/members/2d3c7ed58141b4c1", "HTTP/1.1 204 No Content\r\n\r\n");
    server.on("DELETE /v2/members/6993636228a8cbe2", ScriptedServer.answer("410 Gone", "{}"));
    assertEquals(
        new CommandRun(0, "Removed member 2d3c7ed58141b4c1 from cluster\n", ""),
        run("remove", "2d3c7ed58141b4c1"));
    assertEquals(
        new CommandRun(0, "Removed member 6993636228a8cbe2 from cluster\n", ""),
        run("remove", "6993636228a8cbe2"));
    assertEquals(
        failed("Couldn't find a member in the cluster with an ID of 123.\n"), run("remove", "123"));
    assertEquals(failed("Provide a single member ID\n"), run("remove"));
    assertEquals(
        failed(
            "Found a member named master2; if this is correct, please use its ID, eg:\n"
                + "\tetcdctl member remove 2d3c7ed58141b4c1\nFor more details, read the"
                + " documentation at https://github.com/coreos/etcd/blob/master/Documentation/"
                + "runtime-configuration.md#remove-a-member\n\n"
                + "Couldn't find a member in the cluster with an ID of master2.\n"),
        run("remove", "master2"));
  }

  @Test
  void removeTellsWhatWentWrong() {
    assertEquals(
        failed("Error while verifying ID against known members: unexpected status code 404\n"),
        run("remove", "1"));
    server.on("GET /v2/members", ScriptedServer.answer("200 OK", LIST));
    server.on(
        "DELETE /v2/members/2d3c7ed58141b4c1",
        ScriptedServer.answer("500 Internal Server Error", ""));
    assertEquals(
        failed(
            "Received an error trying to remove member 2d3c7ed58141b4c1:"
                + " client: etcd cluster is unavailable or misconfigured"),
        run("remove", "2d3c7ed58141b4c1"));
  }

  @Test
  void updateSendsTheUrlsSorted() {
    server.on("PUT /v2/members/1", "HTTP/1.1 204 No Content\r\n\r\n");
    server.on(
        "PUT /v2/members/zz",
        ScriptedServer.answer("404 Not Found", "{\"message\":\"No such member: zz\"}"));
    assertEquals(
        new CommandRun(0, "Updated member with ID 1 in cluster\n", ""),
        run("update", "1", "http://p:2,http://p:1"));
    assertEquals(
        "PUT /v2/members/1 {\"peerURLs\":[\"http://p:1\",\"http://p:2\"]}",
        server.requests().get(0));
    assertEquals(failed("No such member: zz\n"), run("update", "zz", "http://p:2"));
    assertEquals(
        failed(
            "Provide an ID and a list of comma separated peerURL"
                + " (0xabcd http://example.com,http://example1.com)\n"),
        run("update"));
  }
}
