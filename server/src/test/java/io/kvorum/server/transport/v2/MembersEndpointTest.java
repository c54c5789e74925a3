// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.MemberId;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Membership.Reason;
import io.kvorum.server.consensus.ConsensusFailure;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.MemberIds;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code /v2/members} on the wire (recorded from etcd 2.3.7). */
class MembersEndpointTest extends PortTest {
  private static final String URLS = "{\"peerURLs\":[\" http://b:2 \",\"http://a:1\"]}";
  private static final String S1 =
      "{\"id\":\"2e1259d415f2a040\",\"name\":\"s1\",\"peerURLs\":[\"http://127.0.0.1:23800\"],"
          + "\"clientURLs\":[\"http://127.0.0.1:23790\"]}";

  private static void addUnstarted(TestPort port) {
    var id = new MemberId(1);
    port.members.put(id, new Member(id, "", List.of("http://127.0.0.40:23800"), List.of(), false));
  }

  @ParameterizedTest
  @CsvSource({"/v2/members", "/v2/members/"})
  void membersAreListedById(String path) {
    addUnstarted(port);
    var reply = port.get(path);
    assertEquals(200, reply.status());
    assertEquals(Optional.of("48276a8f75b6a87"), reply.header("X-Etcd-Cluster-Id"));
    assertEquals(
        "{\"members\":[{\"id\":\"1\",\"name\":\"\",\"peerURLs\":[\"http://127.0.0.40:23800\"],"
            + "\"clientURLs\":[]},"
            + S1
            + "]}\n",
        reply.body());
  }

  /** 2.3.7 looks at the caller before the id, the content type and the body. */
  @Test
  void whoMayNotChangeMembersLearnsNothingAboutTheRequest() {
    port.permitted = false;
    for (var target : List.of("/v2/members", "/v2/members/nothex", "/v2/members/1")) {
      for (var method : List.of("POST", "PUT", "DELETE")) {
        var reply = port.call(method, target);
        assertEquals(401, reply.status(), method + " " + target);
        assertEquals("{\"message\":\"Insufficient credentials\"}", reply.body());
      }
    }
    assertEquals(200, port.get("/v2/members").status());
    assertEquals(List.of(), port.proposed);
  }

  @Test
  void theLeaderIsShownWhileThereIsOne() {
    assertEquals(S1 + "\n", port.get("/v2/members/leader").body());
    port.leader = MemberId.NONE;
    var none = port.get("/v2/members/leader");
    assertEquals(503, none.status());
    assertEquals("{\"message\":\"During election\"}", none.body());
  }

  @ParameterizedTest
  @CsvSource({"/v2/members/nothing", "/v2/members/2e1259d415f2a040", "/v2/members/leader/"})
  void nothingElseCanBeRead(String path) {
    var reply = port.get(path);
    assertEquals(404, reply.status());
    assertEquals("{\"message\":\"Not found\"}", reply.body());
  }

  @Test
  void aNewMemberGetsAnIdMadeOfItsUrlsAndTheSecond() {
    var reply = port.body("POST", "/v2/members", "application/json", URLS);
    var urls = List.of("http://a:1", "http://b:2");
    var id = MemberIds.atRunTime(urls, 1_000_000_000L);
    assertEquals(201, reply.status());
    assertEquals(
        "{\"id\":\""
            + id.hex()
            + "\",\"name\":\"\",\"peerURLs\":[\"http://a:1\",\"http://b:2\"],"
            + "\"clientURLs\":[]}\n",
        reply.body());
    assertEquals(List.of(new MemberCommand.Add(id, urls, "", false)), port.proposed);
  }

  /** So that what is wrong with it is the URLs, as recorded, and not an id nobody asked for. */
  @Test
  void theSameUrlsWithinOneSecondGetAnotherId() {
    var urls = List.of("http://a:1", "http://b:2");
    var taken = MemberIds.atRunTime(urls, 1_000_000_000L);
    port.members.put(taken, new Member(taken, "", urls, List.of(), false));
    port.body("POST", "/v2/members", "application/json", URLS);
    var id = MemberIds.atRunTime(urls, 1_000_000_001L);
    assertEquals(List.of(new MemberCommand.Add(id, urls, "", false)), port.proposed);
  }

  @Test
  void aMemberIsMovedAndRemoved() {
    var moved = port.body("PUT", "/v2/members/1f", "application/json", URLS);
    assertEquals(204, moved.status());
    assertEquals("", moved.body());
    assertEquals(Optional.of("48276a8f75b6a87"), moved.header("X-Etcd-Cluster-Id"));
    assertEquals(Optional.empty(), moved.header("Content-Length"));
    assertEquals(204, port.call("DELETE", "/v2/members/1f").status());
    assertEquals(
        List.of(
            new MemberCommand.Update(new MemberId(0x1f), List.of("http://a:1", "http://b:2")),
            new MemberCommand.Remove(new MemberId(0x1f))),
        port.proposed);
  }

  @ParameterizedTest
  @CsvSource({"DELETE, /v2/members", "DELETE, /v2/members/", "PUT, /v2/members"})
  void aChangeNeedsAnId(String method, String path) {
    var reply = port.body(method, path, "application/json", URLS);
    assertEquals(405, reply.status());
    assertEquals("Method Not Allowed\n", reply.body());
    assertEquals(Optional.empty(), reply.header("Allow"));
    assertEquals(Optional.of("48276a8f75b6a87"), reply.header("X-Etcd-Cluster-Id"));
  }

  @ParameterizedTest
  @CsvSource({"zzz", "+1", "1/2", "12345678901234567"})
  void anIdIsHexadecimal(String id) {
    for (var method : List.of("PUT", "DELETE")) {
      var reply = port.body(method, "/v2/members/" + id, "application/json", URLS);
      assertEquals(404, reply.status());
      assertEquals("{\"message\":\"No such member: " + id + "\"}", reply.body());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "text/plain, text/plain",
    "application/json; charset=utf-8, application/json; charset=utf-8"
  })
  void onlyPlainJsonIsTaken(String type, String shown) {
    var reply = port.body("POST", "/v2/members", type, URLS);
    assertEquals(415, reply.status());
    assertEquals(
        "{\"message\":\"Bad Content-Type " + shown + ", accept application/json\"}", reply.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | unexpected end of JSON input",
        "{ | unexpected end of JSON input",
        "[] | json: cannot unmarshal array into Go value of type struct { PeerURLs []string"
            + " \"json:\\\"peerURLs\\\"\" }",
        "{\"peerURLs\":\"foo\"} | json: cannot unmarshal string into Go struct field .peerURLs of"
            + " type []string",
        "{\"peerURLs\":[1]} | json: cannot unmarshal number into Go struct field .peerURLs of type"
            + " string",
        "{\"peerURLs\":[\".\"]} | URL scheme must be http or https: .",
        "{\"peerURLs\":[]} | no valid URLs given",
        "{} | no valid URLs given",
        "null | no valid URLs given",
        "{\"peerURLs\":null} | no valid URLs given",
        "{\"peerURLs\":[\"http://127.0.0.1:2379/foo\"]} | URL must not contain a path:"
            + " http://127.0.0.1:2379/foo",
        "{\"peerURLs\":[\"http://127.0.0.1\"]} | URL address does not have the form \"host:port\":"
            + " http://127.0.0.1",
        "{\"peerURLs\":[\"ftp://127.0.0.1:21\"]} | URL scheme must be http or https:"
            + " ftp://127.0.0.1:21",
        "{\"peerURLs\":[\"127.0.0.1:2380\"]} | parse \"127.0.0.1:2380\": first path segment in URL"
            + " cannot contain colon",
      })
  void aBodyThatCannotBeUsedSaysWhy(String body, String complaint) {
    for (var target : List.of("POST /v2/members", "PUT /v2/members/1")) {
      var reply =
          port.body(
              target.substring(0, target.indexOf(' ')),
              target.substring(target.indexOf(' ') + 1),
              "application/json",
              body);
      assertEquals(400, reply.status());
      assertEquals(
          "{\"message\":\"" + complaint.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}",
          reply.body());
    }
    assertEquals(List.of(), port.proposed);
  }

  @ParameterizedTest
  @EnumSource
  void eachRefusalHasItsAnswer(Reason reason) {
    var refusal = new Refusal.Membership(reason, new MemberId(0x123));
    port.proposals = command -> TestPort.refused(refusal);
    assertAnswers(
        switch (reason) {
          case ID_EXISTS -> List.of("409 etcdserver: ID exists");
          case PEER_URL_EXISTS -> List.of("409 etcdserver: peerURL exists");
          case ID_NOT_FOUND -> List.of("404 No such member: 123");
          case ID_REMOVED ->
              List.of(
                  "500 Internal Server Error",
                  "500 Internal Server Error",
                  "410 Member permanently removed: 123");
          case NOT_A_LEARNER, TOO_MANY_LEARNERS -> List.of("500 Internal Server Error");
        });
  }

  /** Checks POST, PUT and DELETE; the last expectation holds for the rest. */
  private void assertAnswers(List<String> expected) {
    var replies =
        List.of(
            port.body("POST", "/v2/members", "application/json", URLS),
            port.body("PUT", "/v2/members/123", "application/json", URLS),
            port.call("DELETE", "/v2/members/123"));
    for (int i = 0; i < replies.size(); i++) {
      var line = expected.get(Math.min(i, expected.size() - 1));
      assertEquals(line.substring(0, 3), Integer.toString(replies.get(i).status()));
      assertEquals("{\"message\":\"" + line.substring(4) + "\"}", replies.get(i).body());
    }
  }

  @Test
  void withoutConsensusThereIsAnInternalError() {
    port.proposals =
        command ->
            CompletableFuture.failedFuture(
                new ConsensusFailure(ConsensusFailure.Kind.TIMEOUT, true));
    assertAnswers(List.of("500 Internal Server Error"));
  }

  @Test
  void theStrictCheckKeepsAQuorumOfStartedMembers() {
    try (var strict = new TestPort(true, List.of())) {
      assertEquals(201, strict.body("POST", "/v2/members", "application/json", URLS).status());
      addUnstarted(strict);
      var refused = strict.body("POST", "/v2/members", "application/json", URLS);
      assertEquals(500, refused.status());
      assertEquals("{\"message\":\"Internal Server Error\"}", refused.body());
      assertEquals(500, strict.call("DELETE", "/v2/members/" + TestPort.ID.hex()).status());
      assertEquals(204, strict.call("DELETE", "/v2/members/1").status());
      assertEquals(2, strict.proposed.size());
    }
  }

  @Test
  void machinesAreAllClientUrls() {
    var id = new MemberId(2);
    port.members.put(
        id,
        new Member(id, "s2", List.of("http://b:1"), List.of("http://a:2", "http://c:3"), false));
    var reply = port.get("/v2/machines");
    assertEquals("http://127.0.0.1:23790, http://a:2, http://c:3", reply.body());
    assertEquals(Optional.of("text/plain; charset=utf-8"), reply.header("Content-Type"));
    assertTrue(reply.header("X-Etcd-Cluster-Id").isEmpty());
  }
}
