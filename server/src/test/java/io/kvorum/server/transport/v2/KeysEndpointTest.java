// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.command.TreeEvent.Action;
import io.kvorum.server.consensus.ConsensusFailure;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code /v2/keys} on the wire (recorded from etcd 2.3.7). */
class KeysEndpointTest extends PortTest {
  private static final Bytes FOO = Bytes.utf8("/1/foo");

  private static NodeView file(String value, long created, long modified) {
    return new NodeView(
        FOO, Optional.of(Bytes.utf8(value)), false, 0, created, modified, List.of());
  }

  private static Outcome changed(Action action, NodeView node, Optional<NodeView> before) {
    return new Outcome.TreeChanged(
        new TreeEvent(action, node, before, false, node.modifiedIndex()));
  }

  private void answerAll(Outcome outcome) {
    port.proposals = command -> TestPort.answered(outcome);
  }

  private Command proposed() {
    assertEquals(1, port.proposed.size(), () -> "proposed " + port.proposed);
    return port.proposed.get(0);
  }

  @Test
  void aNewKeyIsCreated() {
    answerAll(changed(Action.SET, file("bar", 4, 4), Optional.empty()));
    var reply = port.form("PUT", "/v2/keys/foo", "value=bar");
    assertEquals(201, reply.status());
    assertEquals(
        "{\"action\":\"set\",\"node\":{\"key\":\"/foo\",\"value\":\"bar\",\"modifiedIndex\":4,"
            + "\"createdIndex\":4}}\n",
        reply.body());
    assertHeaders(reply, "4");
    assertEquals(new TreeCommand.Set(FOO, false, Bytes.utf8("bar"), 0, false), proposed());
  }

  private static void assertHeaders(HttpReply reply, String index) {
    assertEquals(Optional.of("application/json"), reply.header("Content-Type"));
    assertEquals(Optional.of("48276a8f75b6a87"), reply.header("X-Etcd-Cluster-Id"));
    assertEquals(Optional.of(index), reply.header("X-Etcd-Index"));
    assertEquals(Optional.of("11"), reply.header("X-Raft-Index"));
    assertEquals(Optional.of("2"), reply.header("X-Raft-Term"));
  }

  @Test
  void aReplacedKeyShowsWhatWasThere() {
    answerAll(changed(Action.SET, file("b", 5, 5), Optional.of(file("a", 4, 4))));
    var reply = port.form("PUT", "/v2/keys/foo", "value=b");
    assertEquals(200, reply.status());
    assertTrue(
        reply
            .body()
            .endsWith(
                ",\"prevNode\":{\"key\":\"/foo\",\"value\":\"a\",\"modifiedIndex\":4,"
                    + "\"createdIndex\":4}}\n"),
        reply.body());
  }

  @ParameterizedTest
  @CsvSource({"CREATE, 201", "UPDATE, 200", "COMPARE_AND_SWAP, 200", "DELETE, 200"})
  void onlyACreationIsCreated(Action action, int status) {
    answerAll(changed(action, file("b", 5, 5), Optional.empty()));
    assertEquals(status, port.form("PUT", "/v2/keys/foo", "value=b").status());
  }

  @Test
  void aReadShowsDirectoriesDeadlinesAndTheRoot() {
    long deadline = port.now + 1_500_000_000L;
    var child = new NodeView(Bytes.utf8("/1/d"), Optional.empty(), true, deadline, 3, 3, List.of());
    var root = new NodeView(Bytes.utf8("/1"), Optional.empty(), true, 0, 0, 0, List.of(child));
    port.keys = (path, recursive, sorted) -> changed(Action.GET, root, Optional.empty());
    assertEquals(
        "{\"action\":\"get\",\"node\":{\"dir\":true,\"nodes\":[{\"key\":\"/d\",\"dir\":true,"
            + "\"expiration\":\"2001-09-09T01:46:41.5Z\",\"ttl\":2,\"modifiedIndex\":3,"
            + "\"createdIndex\":3}]}}\n",
        port.get("/v2/keys").body());

    port.now = deadline;
    assertTrue(port.get("/v2/keys").body().contains("41.5Z\",\"modifiedIndex\""));
    port.now = deadline + 2_500_000_000L;
    assertTrue(port.get("/v2/keys").body().contains("\"ttl\":-2,"));
  }

  @Test
  void headTellsTheLengthOnly() {
    port.keys =
        (path, recursive, sorted) -> changed(Action.GET, file("bar", 4, 4), Optional.empty());
    int length = port.get("/v2/keys/foo").bodyBytes();
    port.barrier =
        CompletableFuture.failedFuture(new AssertionError("HEAD is never a quorum read"));
    var head = port.call("HEAD", "/v2/keys/foo?quorum=true");
    assertEquals(200, head.status());
    assertEquals("", head.body());
    assertEquals(Optional.of(Integer.toString(length)), head.header("Content-Length"));
    assertHeaders(head, "4");
  }

  @Test
  void aQuorumReadWaitsForTheBarrier() {
    var passed = new CompletableFuture<Void>();
    port.barrier = passed;
    port.keys =
        (path, recursive, sorted) -> {
          assertTrue(passed.isDone());
          return changed(Action.GET, file("bar", 4, 4), Optional.empty());
        };
    var reply = CompletableFuture.supplyAsync(() -> port.get("/v2/keys/foo?quorum=true"));
    passed.complete(null);
    assertEquals(200, reply.join().status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v2/keys/foo | /1/foo",
        "/v2/keys/foo/ | /1/foo",
        "/v2/keys | /1",
        "/v2/keys/ | /1",
        "/v2/keys/a%2Fb | /1/a/b",
        "/v2/keys/sp%20ace | /1/sp ace",
        "/v2/keys/sp+ace | /1/sp+ace",
        "/v2/keys/%E6%97%A5 | /1/日",
        "/v2/keys/a:b-c.d~e@ | /1/a:b-c.d~e@",
      })
  void aPathNamesAKeyBelowTheUsersRoot(String target, String path) {
    port.keys =
        (given, recursive, sorted) -> {
          assertEquals(Bytes.utf8(path), given);
          return changed(Action.GET, file("", 1, 1), Optional.empty());
        };
    assertEquals(200, port.get(target).status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "prevIndex=abc | 203 | invalid value for \"prevIndex\"",
        "prevIndex=-1 | 203 | invalid value for \"prevIndex\"",
        "prevIndex=+1 | 203 | invalid value for \"prevIndex\"",
        "prevIndex= | 203 | invalid value for \"prevIndex\"",
        "waitIndex=abc | 203 | invalid value for \"waitIndex\"",
        "prevIndex=18446744073709551616 | 203 | invalid value for \"prevIndex\"",
        "recursive=x | 209 | invalid value for \"recursive\"",
        "recursive= | 209 | invalid value for \"recursive\"",
        "sorted=x | 209 | invalid value for \"sorted\"",
        "wait=x | 209 | invalid value for \"wait\"",
        "dir=x | 209 | invalid value for \"dir\"",
        "quorum=x | 209 | invalid value for \"quorum\"",
        "stream=tRUE | 209 | invalid value for \"stream\"",
        "wait=true | 209 | \"wait\" can only be used with GET requests",
        "prevValue= | 201 | \"prevValue\" cannot be empty",
        "ttl=abc | 202 | invalid value for \"ttl\"",
        "ttl=-1 | 202 | invalid value for \"ttl\"",
        "ttl=1.5 | 202 | invalid value for \"ttl\"",
        "ttl=99999999999999999999 | 202 | invalid value for \"ttl\"",
        "prevExist=yes | 209 | invalid value for prevExist",
        "prevExist= | 209 | invalid value for prevExist",
        "refresh=x | 209 | invalid value for refresh",
        "refresh=true&value=x | 211 | A value was provided on a refresh",
        "refresh=true | 212 | No TTL value set",
        "refresh=true&value=&ttl= | 212 | No TTL value set",
        "value=%zz | 210 | invalid URL escape \"%zz\"",
        "value=%2 | 210 | invalid URL escape \"%2\"",
        "value=a;prevExist=true | 210 | invalid semicolon separator in query",
        "a=%zz&b;c | 210 | invalid semicolon separator in query",
        // the first failure wins
        "recursive=x&prevIndex=abc&ttl=abc | 203 | invalid value for \"prevIndex\"",
        "stream=x&recursive=x | 209 | invalid value for \"recursive\"",
        "prevExist=x&ttl=x&prevValue= | 201 | \"prevValue\" cannot be empty",
        "refresh=x&prevExist=x&ttl=x | 202 | invalid value for \"ttl\"",
      })
  void aWrongParameterIsToldWithIndexZero(String parameters, int code, String cause) {
    var query = port.call("PUT", "/v2/keys/err?" + parameters);
    var form = port.form("PUT", "/v2/keys/err", parameters);
    for (var reply : List.of(query, form)) {
      assertEquals(400, reply.status());
      assertTrue(reply.body().startsWith("{\"errorCode\":" + code + ",\"message\":\""));
      assertTrue(
          reply
              .body()
              .endsWith(",\"cause\":\"" + cause.replace("\"", "\\\"") + "\",\"index\":0}\n"),
          reply.body());
      assertEquals(Optional.of("0"), reply.header("X-Etcd-Index"));
      assertEquals(Optional.of("48276a8f75b6a87"), reply.header("X-Etcd-Cluster-Id"));
      assertEquals(Optional.empty(), reply.header("X-Raft-Index"));
    }
    assertEquals(List.of(), port.proposed);
  }

  @Test
  void theBodyWinsOverTheQueryAndTheFirstValueCounts() {
    answerAll(changed(Action.SET, file("", 4, 4), Optional.empty()));
    port.form("PUT", "/v2/keys/foo?value=query", "value=one&value=two");
    assertEquals(new TreeCommand.Set(FOO, false, Bytes.utf8("one"), 0, false), proposed());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "application/x-www-form-urlencoded, a b&c",
        "application/x-www-form-urlencoded; charset=utf-8, a b&c",
        "APPLICATION/x-www-form-urlencoded, a b&c",
        "text/plain, ''",
        "application/json, ''",
        "multipart/form-data; boundary=B, ''",
        "'', ''",
      })
  void onlyAFormIsRead(String type, String value) {
    answerAll(changed(Action.SET, file("", 4, 4), Optional.empty()));
    port.body("PUT", "/v2/keys/foo", type, "value=a+b%26c");
    assertEquals(new TreeCommand.Set(FOO, false, Bytes.utf8(value), 0, false), proposed());
  }

  @Test
  void theBodyOfADeleteIsIgnored() {
    answerAll(changed(Action.DELETE, file("", 4, 4), Optional.empty()));
    port.form("DELETE", "/v2/keys/foo", "prevValue=y");
    assertEquals(new TreeCommand.Delete(FOO, false, false), proposed());
  }

  @Test
  void aFormOfTenMebibytesIsTheLargest() {
    answerAll(changed(Action.SET, file("", 4, 4), Optional.empty()));
    int most = (10 << 20) - "value=".length();
    assertEquals(201, port.form("PUT", "/v2/keys/foo", "value=" + "x".repeat(most)).status());
    var tooLarge = port.form("PUT", "/v2/keys/foo", "value=" + "x".repeat(most + 1));
    assertEquals(
        "{\"errorCode\":210,\"message\":\"Invalid POST form\",\"cause\":\"http: POST too large\","
            + "\"index\":0}\n",
        tooLarge.body());
  }

  @Test
  void aValueMayBeAnyBytes() {
    answerAll(changed(Action.SET, file("", 4, 4), Optional.empty()));
    port.form("PUT", "/v2/keys/foo", "value=%ff%00%fe");
    var value = Bytes.wrap(new byte[] {(byte) 0xff, 0, (byte) 0xfe});
    assertEquals(new TreeCommand.Set(FOO, false, value, 0, false), proposed());
  }

  @ParameterizedTest
  @EnumSource
  void eachRefusalOfTheTreeHasItsAnswer(Refusal.Tree.Code code) {
    var refusal = new Refusal.Tree(code, Bytes.utf8("/1/a/b"), 41);
    answerAll(new Outcome.Refused(refusal));
    var reply = port.form("PUT", "/v2/keys/foo", "value=x");
    String expected =
        switch (code) {
          case KEY_NOT_FOUND -> "404 100 Key not found";
          case COMPARE_FAILED -> "412 101 Compare failed";
          case NOT_A_FILE -> "403 102 Not a file";
          case NOT_A_DIRECTORY -> "400 104 Not a directory";
          case KEY_EXISTS -> "412 105 Key already exists";
          case ROOT_READ_ONLY -> "400 107 Root is read only";
          case DIRECTORY_NOT_EMPTY -> "403 108 Directory not empty";
          case EVENT_INDEX_CLEARED ->
              "400 401 The event in requested index is outdated and cleared";
        };
    var parts = expected.split(" ", 3);
    assertEquals(parts[0], Integer.toString(reply.status()));
    assertEquals(
        "{\"errorCode\":"
            + parts[1]
            + ",\"message\":\""
            + parts[2]
            + "\",\"cause\":\"/a/b\",\"index\":41}\n",
        reply.body());
    assertEquals(Optional.of("41"), reply.header("X-Etcd-Index"));
    assertEquals(Optional.empty(), reply.header("X-Raft-Term"));
  }

  @Test
  void anEmptyCauseIsLeftOut() {
    answerAll(
        new Outcome.Refused(new Refusal.Tree(Refusal.Tree.Code.NOT_A_FILE, Bytes.utf8("/1"), 93)));
    assertEquals(
        "{\"errorCode\":102,\"message\":\"Not a file\",\"index\":93}\n",
        port.call("DELETE", "/v2/keys/?prevValue=x").body());
  }

  @ParameterizedTest
  @EnumSource
  void eachFailureOfConsensusIsARaftInternalError(ConsensusFailure.Kind kind) {
    var failure = new ConsensusFailure(kind, true);
    port.proposals = command -> CompletableFuture.failedFuture(failure);
    port.barrier = CompletableFuture.failedFuture(new ConsensusFailure(kind, false));
    var write = port.form("PUT", "/v2/keys/foo", "value=x");
    var read = port.get("/v2/keys/foo?quorum=true");
    for (var reply : List.of(write, read)) {
      assertEquals(500, reply.status());
      assertEquals(
          "{\"errorCode\":300,\"message\":\"Raft Internal Error\",\"cause\":\""
              + kind.text()
              + "\",\"index\":0}\n",
          reply.body());
    }
  }

  @Test
  void aBrokenProposalIsAnswered() {
    port.proposals = command -> CompletableFuture.failedFuture(new IllegalStateException("test"));
    assertEquals(500, port.form("PUT", "/v2/keys/foo", "value=x").status());
  }
}
