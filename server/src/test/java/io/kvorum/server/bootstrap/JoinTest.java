// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.kvorum.base.MemberId;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.member.MemberIds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Joining a running cluster, the ways it is refused, and what a lost disk leads to. */
@Timeout(120)
class JoinTest {

  private static final String NOBODY =
      "cannot fetch cluster info from peer urls: could not retrieve cluster information from the"
          + " given urls";
  private static final String INCOMPATIBLE = "incomptible with current running cluster";

  @TempDir Path folder = Path.of("");
  private LocalMembers members = new LocalMembers(Path.of(""));

  @BeforeEach
  void folders() {
    members = new LocalMembers(folder);
  }

  @AfterEach
  void stopAll() {
    members.close();
  }

  @Test
  void anAddedMemberJoinsUnderTheIdItWasGivenAndHasTheData() {
    members.found("a");
    members.put("a", "before", "1");
    MemberId id = add("b");
    members.start(members.config("b", members.cluster("a", "b"), true));
    members.awaitReady("b");
    assertEquals(id, members.id("b"));
    assertEquals(members.membership("a").clusterId(), members.membership("b").clusterId());
    members.put("b", "after", "2");
    assertTrue(members.has("b", "before"));
    assertTrue(members.has("b", "after"));
  }

  @Test
  void badJoinsAreRefusedInTheWordsOf237() throws IOException {
    members.found("a");
    String told =
        "error validating peerURLs {ClusterID:%s Members:[&{ID:%s RaftAttributes:{PeerURLs:[%s]} Attributes:{Name:a ClientURLs:[%s]}}] RemovedMemberIDs:[]}: "
            .formatted(
                members.membership("a").clusterId(),
                members.id("a"),
                members.peer("a"),
                members.client("a"));
    refused("b", members.cluster("a", "b"), told + "member count is unequal");
    add("b");
    told =
        told.replace(
            "}}] Removed",
            "}} &{ID:%s RaftAttributes:{PeerURLs:[%s]} Attributes:{Name: ClientURLs:[]}}] Removed"
                .formatted(idOf("b"), members.peer("b")));
    Map<String, List<String>> other = members.cluster("a");
    other.put("b", List.of("http://127.0.0.1:1"));
    refusedUnmatched("b", other);
    refusedUnmatched("c", members.cluster("a", "c"));
    refused(
        "c",
        members.cluster("a", "b"),
        "couldn't find local name \"c\" in the initial cluster configuration");
    Map<String, List<String>> twice = members.cluster("a", "b");
    twice.put("c", List.of(members.peer("b")));
    refused(
        "b",
        twice,
        "initial cluster a=%s,b=%s,c=%s has duplicate url"
            .formatted(members.peer("a"), members.peer("b"), members.peer("b")));
    assertEquals(2, told.split("&", -1).length - 1);
  }

  @Test
  void aMemberWithoutItsLogIsRefusedAsAlreadyBootstrappedAndComesBackAsANewOne()
      throws IOException {
    members.found("a", "b", "c");
    MemberId before = members.id("c");
    members.stopAndAwaitLeader("c");
    members.wipe("c");
    String text = "member " + before + " has already been bootstrapped";
    assertRefused(text, members.config("c", members.cluster("a", "b", "c"), false));
    assertRefused(text, members.config("c", members.cluster("a", "b", "c"), true));
    assertFalse(members.hasLog("c"), "nothing is founded by a refused start");
    members.put("a", "meanwhile", "1");
    assertInstanceOf(Outcome.Done.class, members.propose("a", new MemberCommand.Remove(before)));
    MemberId after = add("c");
    assertNotEquals(before, after);
    members.start(members.config("c", members.cluster("a", "b", "c"), true));
    members.awaitReady("c");
    assertEquals(after, members.id("c"));
    assertTrue(members.has("c", "meanwhile"));
  }

  @Test
  void oneUsableAnswerIsEnough() throws IOException {
    members.found("a");
    add("b");
    try (Impostor garbage = new Impostor("1", "}{", "")) {
      MemberConfig config = members.config("b", both(garbage.url(), members.peer("a")), true);
      // the impostor counts as a member of the list, so the join itself is refused, but by name
      assertTrue(refusal(config).contains("unmatched member while checking PeerURLs"));
    }
    try (Impostor garbage = new Impostor("1", "}{", "");
        Impostor nobody = new Impostor("", "[]", "")) {
      refused("b", both(garbage.url(), nobody.url()), NOBODY);
    }
  }

  @Test
  void theClusterVersionMustBeOneThatThisMemberKnows() throws IOException {
    String self =
        """
        [{"id":1,"peerURLs":["%s"],"name":"a","clientURLs":["http://x:1"]},
         {"id":2,"peerURLs":["%s"]}]\
        """;
    for (String version : List.of("2.3.0", "3.8.0", "4.0.0", "not_decided", "")) {
      try (Impostor a = new Impostor("c1", "", version)) {
        a.members(self.formatted(a.url(), members.peer("b")));
        Map<String, List<String>> cluster = members.cluster("b");
        cluster.put("a", List.of(a.url()));
        refused("b", cluster, INCOMPATIBLE);
      }
    }
    try (Impostor a = new Impostor("c1", "", "3.5.0")) {
      a.members(self.formatted(a.url(), members.peer("b")));
      Map<String, List<String>> cluster = members.cluster("b");
      cluster.put("a", List.of(a.url()));
      members.start(members.config("b", cluster, true));
      assertEquals(new MemberId(2), members.id("b"));
      assertEquals(new MemberId(0xc1), members.membership("b").clusterId());
    }
  }

  /** As when the others of a cluster start at the same time: their ports are open, no more. */
  @Test
  void aNeighbourThatNeverAnswersDoesNotKeepAFounderFromStarting() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Map<String, List<String>> cluster = members.cluster("a");
      cluster.put("b", List.of("http://127.0.0.1:" + mute.getLocalPort()));
      members.start(members.config("a", cluster, false));
      assertTrue(members.hasLog("a"));
    }
  }

  /** The configured list {a: one url of each}, b. */
  private Map<String, List<String>> both(String first, String second) {
    Map<String, List<String>> cluster = new LinkedHashMap<>();
    cluster.put("a", List.of(first, second));
    cluster.put("b", List.of(members.peer("b")));
    return cluster;
  }

  private void refused(String name, Map<String, List<String>> cluster, String text)
      throws IOException {
    assertRefused(text, members.config(name, cluster, true));
    members.requirePortsFree(name);
    assertFalse(members.hasLog(name));
  }

  private void refusedUnmatched(String name, Map<String, List<String>> cluster) {
    String text = refusal(members.config(name, cluster, true));
    assertTrue(text.startsWith("error validating peerURLs {ClusterID:"), text);
    assertTrue(
        text.endsWith(" RemovedMemberIDs:[]}: unmatched member while checking PeerURLs"), text);
  }

  private void assertRefused(String text, MemberConfig config) {
    assertEquals(text, refusal(config));
  }

  private String refusal(MemberConfig config) {
    return String.valueOf(
        assertThrows(StartFailure.class, () -> members.start(config)).getMessage());
  }

  private MemberId add(String name) {
    MemberId id = MemberIds.atRunTime(List.of(members.peer(name)), 1_700_000_000);
    Outcome outcome =
        members.propose("a", new MemberCommand.Add(id, List.of(members.peer(name)), "", false));
    assertInstanceOf(Outcome.Done.class, outcome);
    return id;
  }

  private MemberId idOf(String name) {
    return MemberIds.atRunTime(List.of(members.peer(name)), 1_700_000_000);
  }

  /** Something on a peer port that answers what it is told to. */
  private static final class Impostor implements AutoCloseable {
    private final HttpServer server;

    Impostor(String clusterId, String members, String version) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
      answer("/members", clusterId, members);
      answer(
          "/version", clusterId, "{\"etcdserver\":\"3.9.9\",\"etcdcluster\":\"" + version + "\"}");
      server.start();
    }

    private void answer(String path, String clusterId, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      server.createContext(
          path,
          exchange -> {
            if (!clusterId.isEmpty()) {
              exchange.getResponseHeaders().add("X-Etcd-Cluster-ID", clusterId);
            }
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
    }

    void members(String text) {
      server.removeContext("/members");
      answer("/members", "c1", text);
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
