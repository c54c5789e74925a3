// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.ctl.CommandRun;
import io.kvorum.ctl.ScriptedServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the keys commands send and print; the texts are recorded from etcdctl 2.3.7. */
class KeysCommandsTest {

  private static final String PLAIN_GET = "?quorum=false&recursive=false&sorted=false";
  private static final String NODE =
      "{\"key\":\"/os\",\"value\":\"linux\",\"modifiedIndex\":7,\"createdIndex\":5}";
  private static final String OLD =
      "{\"key\":\"/os\",\"value\":\"old\",\"modifiedIndex\":5,\"createdIndex\":5}";

  private final ScriptedServer server;

  KeysCommandsTest() throws IOException {
    server = new ScriptedServer();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  /** Runs a command without synchronising. */
  private CommandRun run(String... arguments) {
    return runWithInput("", arguments);
  }

  private CommandRun runWithInput(String input, String... arguments) {
    List<String> all = new ArrayList<>(List.of("--no-sync", "--timeout", "20s"));
    all.addAll(List.of("--endpoints", server.url()));
    all.addAll(List.of(arguments));
    return CommandRun.with(input, Map.of(), all.toArray(String[]::new));
  }

  private static CommandRun printed(String out) {
    return new CommandRun(0, out, "");
  }

  private String lastRequest() {
    List<String> requests = server.requests();
    return requests.get(requests.size() - 1);
  }

  private static String answer(String action, String node) {
    return "{\"action\":\"" + action + "\",\"node\":" + node + "}";
  }

  private static String answer(String action, String node, String previous) {
    return "{\"action\":\"" + action + "\",\"node\":" + node + ",\"prevNode\":" + previous + "}\n";
  }

  @Test
  void getPrintsTheValue() {
    server.onKeys("GET /v2/keys/os" + PLAIN_GET, 9, answer("get", NODE));
    assertEquals(printed("linux\n"), run("get", "os"));
    assertEquals(printed("linux\n"), run("get", "/os"));
    assertEquals(
        printed("Key: /os\nCreated-Index: 5\nModified-Index: 7\nTTL: 0\nIndex: 9\n\nlinux\n"),
        run("-o", "extended", "get", "os"));
    assertEquals(
        printed(
            "{\"action\":\"get\",\"node\":{\"key\":\"/os\",\"value\":\"linux\",\"nodes\":null,"
                + "\"createdIndex\":5,\"modifiedIndex\":7},\"prevNode\":null}\n"),
        run("-o", "json", "get", "os"));
    assertEquals(
        new CommandRun(0, "", "Unsupported output format: xml\n"), run("-o", "xml", "get", "os"));
  }

  @Test
  void getTakesItsOptionsOnBothSides() {
    server.onKeys(
        "GET /v2/keys/os?quorum=true&recursive=false&sorted=true", 9, answer("get", NODE));
    assertEquals(printed("linux\n"), run("get", "--quorum", "--sort", "os"));
    assertEquals(printed("linux\n"), run("get", "os", "--sort", "-quorum=true"));
  }

  @Test
  void getOfADirectoryIsRefused() {
    server.onKeys("GET /v2/keys/a" + PLAIN_GET, 9, answer("get", "{\"key\":\"/a\",\"dir\":true}"));
    assertEquals(new CommandRun(1, "", "/a: is a directory\n"), run("-o", "json", "get", "a"));
  }

  @Test
  void refusalsOfTheServerArePrintedWithTheirIndex() {
    server.on(
        "GET /v2/keys/nope" + PLAIN_GET,
        ScriptedServer.answer(
            "404 Not Found",
            "{\"errorCode\":100,\"message\":\"Key not"
                + " found\",\"cause\":\"/nope\",\"index\":41}\n"));
    assertEquals(
        new CommandRun(4, "", "Error:  100: Key not found (/nope) [41]\n"), run("get", "nope"));
  }

  @Test
  void somethingElseThanEtcdIsTold() {
    CommandRun notEtcd =
        new CommandRun(
            4,
            "",
            "Error:  client: response is invalid json. The endpoint is probably not valid etcd"
                + " cluster endpoint.\n");
    assertEquals(notEtcd, run("get", "x"));
    server.on("GET /v2/keys/y" + PLAIN_GET, ScriptedServer.answer("200 OK", "{}"));
    assertEquals(notEtcd, run("get", "y"));
    server.on("GET /v2/keys/z" + PLAIN_GET, ScriptedServer.answer("200 OK", ""));
    assertEquals(
        new CommandRun(4, "", "Error:  client: response body is empty\n"), run("get", "z"));
  }

  @Test
  void setSendsAForm() {
    server.onKeys("PUT /v2/keys/os", 7, answer("set", NODE, OLD));
    assertEquals(printed("linux\n"), run("set", "os", "a b&c"));
    assertEquals("PUT /v2/keys/os value=a+b%26c", lastRequest());
    assertEquals(printed("linux\n"), run("set", "os", "v", "ignored", "--ttl", "60"));
    assertEquals("PUT /v2/keys/os ttl=60&value=v", lastRequest());
    assertEquals(
        printed(
            "Key: /os\nCreated-Index: 5\nModified-Index: 7\nPrevNode.Value: old\nTTL: 0\nIndex: 7\n"
                + "\nlinux\n"),
        run("-o", "extended", "set", "os", "x"));
  }

  @Test
  void setReadsTheValueFromStandardInputUnchanged() {
    server.onKeys("PUT /v2/keys/k", 7, answer("set", NODE));
    assertEquals(printed("linux\n"), runWithInput("from stdin\n", "set", "k"));
    assertEquals("PUT /v2/keys/k value=from+stdin%0A", lastRequest());
    assertEquals(new CommandRun(1, "", "Error:  value required\n"), run("set", "k"));
    assertEquals(new CommandRun(1, "", "Error:  key required\n"), run("set"));
  }

  @Test
  void setComparesBeforeItSwaps() {
    String query = "?prevIndex=3&prevValue=a+b";
    server.onKeys("PUT /v2/keys/os" + query, 7, answer("compareAndSwap", NODE, OLD));
    assertEquals(
        printed("linux\n"),
        run("set", "--swap-with-value", "a b", "--swap-with-index", "3", "os", "x"));
  }

  @Test
  void valuesThatLookLikeOptionsNeedTheTerminator() {
    server.onKeys("PUT /v2/keys/neg", 7, answer("set", NODE));
    assertEquals(0, run("set", "--", "neg", "-5").code());
    assertEquals("PUT /v2/keys/neg value=-5", lastRequest());
    assertEquals(0, run("set", "neg", "--", "-5").code());
    assertEquals("PUT /v2/keys/neg value=--", lastRequest());
    assertEquals("Incorrect Usage.", run("set", "neg", "-5").out().lines().findFirst().orElse(""));
  }

  @Test
  void mkAndUpdateDemandExistence() {
    server.onKeys("PUT /v2/keys/k?prevExist=false", 7, answer("create", NODE));
    server.onKeys("PUT /v2/keys/k?prevExist=true", 7, answer("update", NODE, OLD));
    server.onKeys("POST /v2/keys/q", 7, answer("create", NODE));
    assertEquals(printed("linux\n"), run("mk", "k", "v"));
    assertEquals(printed("linux\n"), run("update", "k", "v", "--ttl", "5"));
    assertEquals("PUT /v2/keys/k?prevExist=true ttl=5&value=v", lastRequest());
    assertEquals(printed("linux\n"), run("mk", "--in-order", "/q", "v"));
    assertEquals("POST /v2/keys/q value=v", lastRequest());
    assertEquals(printed("linux\n"), run("mk", "/q", "v", "--ttl", "30", "--in-order"));
    assertEquals("POST /v2/keys/q ttl=30&value=v", lastRequest());
  }

  @Test
  void directoryCommandsPrintNothing() {
    String directory = answer("set", "{\"key\":\"/d\",\"dir\":true}");
    server.onKeys("PUT /v2/keys/d?dir=true&prevExist=false", 7, directory);
    server.onKeys("PUT /v2/keys/d?dir=true", 7, directory);
    server.onKeys("PUT /v2/keys/d?dir=true&prevExist=true", 7, directory);
    assertEquals(printed(""), run("mkdir", "d"));
    assertEquals(printed(""), run("-o", "json", "setdir", "d", "--ttl", "60"));
    assertEquals("PUT /v2/keys/d?dir=true ttl=60", lastRequest());
    assertEquals(printed(""), run("updatedir", "d"));
  }

  @Test
  void rmPrintsWhatWasThere() {
    String gone = "{\"key\":\"/os\",\"modifiedIndex\":8,\"createdIndex\":5}";
    server.onKeys("DELETE /v2/keys/os", 8, answer("delete", gone, NODE));
    server.onKeys("DELETE /v2/keys/os?prevValue=linux", 8, answer("compareAndDelete", gone, NODE));
    server.onKeys("DELETE /v2/keys/os?dir=true", 8, answer("delete", gone, NODE));
    server.onKeys(
        "DELETE /v2/keys/d?dir=true&recursive=true",
        8,
        answer("delete", "{\"key\":\"/d\",\"dir\":true}"));
    assertEquals(printed("PrevNode.Value: linux\n"), run("rm", "os"));
    assertEquals(printed("PrevNode.Value: linux\n"), run("rmdir", "os"));
    assertEquals(printed("\n"), run("rm", "--with-value", "linux", "os"));
    assertEquals(printed(""), run("rm", "--dir", "--recursive", "d"));
    assertEquals(
        printed(
            "Key: /os\nCreated-Index: 5\nModified-Index: 8\nPrevNode.Value: linux\nTTL: 0\n"
                + "Index: 8\n"),
        run("-o", "extended", "rm", "os"));
    assertEquals(
        printed(
            "{\"action\":\"delete\",\"node\":{\"key\":\"/os\",\"value\":\"\",\"nodes\":null,"
                + "\"createdIndex\":5,\"modifiedIndex\":8},\"prevNode\":{\"key\":\"/os\","
                + "\"value\":\"linux\",\"nodes\":null,\"createdIndex\":5,\"modifiedIndex\":7}}\n"),
        run("-o", "json", "rm", "os"));
  }

  @Test
  void lsPrintsDirectoriesBeforeWhatIsInThem() {
    String tree =
        "{\"dir\":true,\"nodes\":[{\"key\":\"/z\",\"dir\":true,\"nodes\":["
            + "{\"key\":\"/z/1\",\"value\":\"v\"}]},{\"key\":\"/y\",\"value\":\"v\"}]}";
    server.onKeys("GET /v2/keys/" + PLAIN_GET, 9, answer("get", tree));
    assertEquals(printed("/z\n/z/1\n/y\n"), run("ls"));
    assertEquals(printed("/z/\n/z/1\n/y\n"), run("ls", "/", "-p"));
    server.onKeys("GET /v2/keys/os" + PLAIN_GET, 9, answer("get", NODE));
    assertEquals(printed("/os\n"), run("ls", "os"));
  }

  @Test
  void timesToLiveAndEmptyListsSurviveAsJson() {
    String node =
        "{\"key\":\"/d\",\"dir\":true,\"nodes\":[],\"expiration\":\"2026-11-22T05:24:25.69Z\","
            + "\"ttl\":60,\"modifiedIndex\":7,\"createdIndex\":7}";
    server.onKeys("PUT /v2/keys/d", 7, answer("set", node));
    assertEquals(
        printed(
            "{\"action\":\"set\",\"node\":{\"key\":\"/d\",\"dir\":true,\"value\":\"\",\"nodes\":[],"
                + "\"createdIndex\":7,\"modifiedIndex\":7,"
                + "\"expiration\":\"2026-11-22T05:24:25.69Z\",\"ttl\":60},\"prevNode\":null}\n"),
        run("-o", "json", "set", "d", "v"));
  }

  @Test
  void watchSkipsDirectoriesAndEmptyPolls() {
    String first = "GET /v2/keys/w?recursive=true&wait=true&waitIndex=0";
    server.on(first, ScriptedServer.answer("200 OK", ""));
    server.onKeys(
        first, 9, answer("create", "{\"key\":\"/w/d\",\"dir\":true,\"modifiedIndex\":10}"));
    server.onKeys(
        "GET /v2/keys/w?recursive=true&wait=true&waitIndex=11",
        9,
        answer("set", "{\"key\":\"/w/x\",\"value\":\"1\",\"modifiedIndex\":12}"));
    assertEquals(printed("[set] /w/x\n1\n"), run("watch", "--recursive", "w"));
  }

  @Test
  void watchGoesOnAfterTheLastChangeUntilTheServerRefuses() {
    server.onKeys(
        "GET /v2/keys/w?recursive=false&wait=true&waitIndex=62",
        9,
        answer("set", "{\"key\":\"/w\",\"value\":\"1\",\"modifiedIndex\":62}"));
    server.on(
        "GET /v2/keys/w?recursive=false&wait=true&waitIndex=63",
        ScriptedServer.answer(
            "400 Bad Request",
            "{\"errorCode\":401,\"message\":\"The event in requested index is outdated and"
                + " cleared\",\"cause\":\"x\",\"index\":9}"));
    assertEquals(
        new CommandRun(
            4,
            "1\n",
            "Error:  401: The event in requested index is outdated and cleared (x) [9]\n"),
        run("watch", "w", "--forever", "--after-index", "61"));
  }

  @Test
  void execWatchNeedsAKeyAndAProgram() {
    CommandRun refused = new CommandRun(1, "", "Error:  key and command to exec required\n");
    assertEquals(refused, run("exec-watch"));
    assertEquals(refused, run("exec-watch", "k"));
    assertEquals(refused, run("exec-watch", "k", "--"));
  }

  @Test
  void execWatchCountsTheIndexTwiceAndTakesTheLastArgumentAsKeyWithoutTerminator() {
    CommandRun run = run("exec-watch", "no-such-program-anywhere", "-after-index=5", "k");
    assertEquals(4, run.code());
    assertEquals(
        "GET /v2/keys/no-such-program-anywhere?recursive=false&wait=true&waitIndex=7",
        lastRequest());
  }

  @Test
  void execWatchTellsWhenTheProgramCannotBeStarted() {
    server.onKeys(
        "GET /v2/keys/k?recursive=false&wait=true&waitIndex=0",
        9,
        answer("set", "{\"key\":\"/k\",\"value\":\"1\",\"modifiedIndex\":62}"));
    assertEquals(
        new CommandRun(1, "", "exec: \"no-such-program\": executable file not found in $PATH"),
        run("exec-watch", "k", "--", "no-such-program"));
    assertEquals(
        new CommandRun(1, "", "fork/exec /no/such: no such file or directory"),
        run("exec-watch", "k", "--", "/no/such"));
  }

  @Test
  void credentialsGoOutAsBasicAuthentication() {
    server.onKeys("GET /v2/keys/os" + PLAIN_GET, 9, answer("get", NODE));
    assertEquals(printed("linux\n"), run("-u", "root:rootpw", "get", "os"));
    assertEquals("GET /v2/keys/os" + PLAIN_GET + " [Basic cm9vdDpyb290cHc=]", lastRequest());
  }
}
