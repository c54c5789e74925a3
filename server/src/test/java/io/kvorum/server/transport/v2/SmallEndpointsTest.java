// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.MemberId;
import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.http.HttpStream;
import io.kvorum.server.command.Alarm;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.consensus.ConsensusFailure;
import io.kvorum.server.observe.LogLevel;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Version, health, statistics, metrics, variables and the log level on the wire. */
class SmallEndpointsTest extends PortTest {
  private static void assertJson(HttpReply reply) {
    assertEquals(200, reply.status());
    assertEquals(Optional.of("application/json"), reply.header("Content-Type"));
    assertEquals(Optional.empty(), reply.header("X-Etcd-Cluster-Id"));
  }

  @Test
  void theVersionIsToldEvenBeforeThereIsOne() {
    var reply = port.get("/version");
    assertJson(reply);
    assertEquals("{\"etcdserver\":\"3.7.1\",\"etcdcluster\":\"3.4.0\"}", reply.body());
    port.clusterVersion = Optional.empty();
    assertEquals(
        "{\"etcdserver\":\"3.7.1\",\"etcdcluster\":\"not_decided\"}", port.get("/version").body());
  }

  @Test
  void aMemberThatCanReadIsHealthy() {
    var reply = port.get("/health");
    assertEquals(200, reply.status());
    assertEquals("{\"health\":\"true\",\"reason\":\"\"}", reply.body());
    assertEquals(Optional.of("text/plain; charset=utf-8"), reply.header("Content-Type"));
    assertEquals(List.of(), port.alarms);
  }

  @Test
  void withoutALeaderItIsNot() {
    port.leader = MemberId.NONE;
    assertUnhealthy(port.get("/health"), "RAFT NO LEADER");
  }

  @Test
  void aReadThatFailsIsTold() {
    var failure = new ConsensusFailure(ConsensusFailure.Kind.TIMEOUT, false);
    port.barrier = CompletableFuture.failedFuture(failure);
    assertUnhealthy(port.get("/health"), "RANGE ERROR:etcdserver: request timed out");
  }

  @Test
  void aReadThatTakesTooLongIsTold() throws IOException {
    var asked = new CompletableFuture<HttpReply>();
    port.barrier = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                asked.complete(
                    HttpStream.exchange(
                        port.address, HttpCall.of("GET", "/health"), TestPort.PATIENCE));
              } catch (IOException e) {
                asked.completeExceptionally(e);
              }
            });
    while (port.alarms.isEmpty()) {
      Thread.onSpinWait();
    }
    port.alarms.get(0).run();
    assertUnhealthy(asked.join(), "RANGE ERROR:context deadline exceeded");
  }

  @Test
  void anAlarmIsUnhealthyUnlessItIsExcluded() {
    port.standing = List.of(new Alarm(5, AlarmCommand.NO_SPACE));
    assertUnhealthy(port.get("/health"), "ALARM NOSPACE");
    assertEquals(200, port.get("/health?exclude=NOSPACE").status());
    port.standing =
        List.of(new Alarm(5, AlarmCommand.NO_SPACE), new Alarm(6, AlarmCommand.CORRUPT));
    assertUnhealthy(port.get("/health?exclude=NOSPACE"), "ALARM CORRUPT");
    assertEquals(200, port.get("/health?exclude=NOSPACE&exclude=CORRUPT").status());
    assertTrue(port.get("/metrics").body().contains("etcd_server_health_failures "));
  }

  @Test
  void whoIsContentWithOldDataNeedsNoLeader() {
    port.leader = MemberId.NONE;
    assertEquals(200, port.get("/health?serializable=true").status());
  }

  @Test
  void aProbeSaysOkOrWhatIsWrong() {
    var alive = port.get("/livez");
    assertEquals(200, alive.status());
    assertEquals("ok\n", alive.body());
    assertEquals("text/plain; charset=utf-8", alive.header("Content-Type").orElseThrow());
    assertEquals("[+]serializable_read ok\nok\n", port.get("/livez?verbose").body());
    assertEquals("ok\n", port.get("/readyz").body());
    port.standing = List.of(new Alarm(5, AlarmCommand.NO_SPACE));
    assertEquals(200, port.get("/readyz").status());
    port.standing = List.of(new Alarm(5, AlarmCommand.CORRUPT));
    var ready = port.get("/readyz");
    assertEquals(503, ready.status());
    assertEquals(
        "[-]data_corruption failed: alarm activated: CORRUPT\n[+]serializable_read ok\n"
            + "[+]linearizable_read ok\n[+]non_learner ok\n",
        ready.body());
    assertEquals(200, port.get("/readyz?exclude=data_corruption&exclude=nothing").status());
    assertEquals(503, port.get("/readyz/data_corruption").status());
    assertEquals(200, port.get("/readyz/non_learner").status());
    assertEquals(404, port.get("/readyz/nothing").status());
    assertEquals(404, port.get("/livez/data_corruption").status());
    assertEquals(405, port.call("POST", "/livez").status());
  }

  @Test
  void aMemberWithoutAQuorumIsAliveAndNotReady() {
    port.barrier =
        CompletableFuture.failedFuture(new ConsensusFailure(ConsensusFailure.Kind.TIMEOUT, false));
    assertEquals(200, port.get("/livez").status());
    assertEquals(503, port.get("/readyz").status());
  }

  private static void assertUnhealthy(HttpReply reply, String reason) {
    assertEquals(503, reply.status());
    assertEquals("{\"health\":\"false\",\"reason\":\"" + reason + "\"}\n", reply.body());
    assertEquals(Optional.of("nosniff"), reply.header("X-Content-Type-Options"));
  }

  @Test
  void aMemberTellsAboutItself() {
    var reply = port.get("/v2/stats/self");
    assertJson(reply);
    assertEquals(
        "{\"name\":\"s1\",\"id\":\"2e1259d415f2a040\",\"state\":\"StateLeader\","
            + "\"startTime\":\"2001-09-09T01:46:40Z\",\"leaderInfo\":{\"leader\":"
            + "\"2e1259d415f2a040\",\"uptime\":\"0s\",\"startTime\":\"2001-09-09T01:46:40Z\"},"
            + "\"recvAppendRequestCnt\":0,\"sendAppendRequestCnt\":0}",
        reply.body());
    port.leader = new MemberId(7);
    assertTrue(port.get("/v2/stats/self").body().contains("\"StateFollower\""));
  }

  @Test
  void onlyTheLeaderTellsAboutItsFollowers() {
    var reply = port.get("/v2/stats/leader");
    assertJson(reply);
    assertEquals("{\"leader\":\"2e1259d415f2a040\",\"followers\":{}}", reply.body());
    port.leader = new MemberId(7);
    var other = port.get("/v2/stats/leader");
    assertEquals(403, other.status());
    assertEquals("{\"message\":\"not current leader\"}", other.body());
  }

  @Test
  void theTreesCountersAreShown() {
    var reply = port.get("/v2/stats/store");
    assertJson(reply);
    assertEquals("{\"getsSuccess\":3}", reply.body());
  }

  @Test
  void metricsArePrometheusText() {
    port.get("/v2/keys/foo");
    var reply = port.get("/metrics");
    assertEquals(
        Optional.of("text/plain; version=0.0.4; charset=utf-8"), reply.header("Content-Type"));
    assertTrue(
        reply
            .body()
            .contains(
                "# TYPE etcd_http_received_total counter\n"
                    + "etcd_http_received_total{method=\"DELETE\"} 0\n"
                    + "etcd_http_received_total{method=\"GET\"} 1\n"),
        reply.body());
    assertTrue(
        reply.body().contains("etcd_http_failed_total{method=\"GET\",code=\"404\"} "),
        reply.body());
  }

  @Test
  void variablesAreShownOneALine() {
    var reply = port.get("/debug/vars");
    assertEquals(Optional.of("application/json; charset=utf-8"), reply.header("Content-Type"));
    var lines = reply.body().lines().toList();
    assertEquals("{", lines.get(0));
    assertEquals("\"cmdline\": [\"etcd\",\"--name\",\"s1\"],", lines.get(1));
    assertTrue(lines.get(2).startsWith("\"file_descriptor_limit\": "));
    assertTrue(lines.get(3).startsWith("\"memstats\": {\"Alloc\":"));
    assertEquals(
        "\"raft.status\": {\"id\":\"2e1259d415f2a040\",\"term\":2,\"vote\":\"0\",\"commit\":11,"
            + "\"lead\":\"2e1259d415f2a040\",\"raftState\":\"StateLeader\",\"progress\":{}}",
        lines.get(4));
    assertEquals("}", lines.get(5));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{\"Level\":\"DEBUG\"} | DEBUG",
        "{\"level\":\"info\"} | INFO",
        "{\"Level\":\"w\"} | WARNING",
        "{\"x\":1,\"Level\":\"Critical\"} | CRITICAL"
      })
  void theLogLevelCanBeChanged(String body, LogLevel level) {
    var reply = port.body("PUT", "/config/local/log", "", body);
    assertEquals(204, reply.status());
    assertEquals(List.of(level), port.levels);
  }

  @Test
  void anUnknownLogLevelIsRefused() {
    var reply = port.body("PUT", "/config/local/log", "", "{\"Level\":\"BOGUS\"}");
    assertEquals(400, reply.status());
    assertEquals("{\"message\":\"Invalid log level BOGUS\"}", reply.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"not json", "", "[]", "{\"Level\":1}", "{"})
  void aLogLevelNeedsJson(String body) {
    var reply = port.body("PUT", "/config/local/log", "", body);
    assertEquals(400, reply.status());
    assertEquals("{\"message\":\"Invalid json body\"}", reply.body());
  }
}
