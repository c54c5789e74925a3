// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.consensus.ConsensusFailure;
import io.kvorum.server.request.Answer;
import io.kvorum.server.transport.net.RpcCode;
import io.kvorum.server.transport.net.RpcFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorTableTest {

  /** Codes and texts of etcd 3.7, one a line. */
  @Test
  void codesAndTextsAreThoseOfEtcd() throws IOException {
    Set<String> lines;
    try (InputStream in = ErrorTableTest.class.getResourceAsStream("errors.txt")) {
      lines =
          new HashSet<>(
              new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                  .lines()
                  .toList());
    }
    assertTrue(lines.size() > 60);
    assertEquals(
        lines,
        Arrays.stream(V3Error.values())
            .map(error -> error.fault().code().number() + " " + error.fault().text())
            .collect(Collectors.toSet()));
  }

  @Test
  void everyRefusalOfTheKeyspaceHasItsText() {
    Map<Refusal.Keyspace.Reason, String> texts =
        Map.of(
            Refusal.Keyspace.Reason.COMPACTED,
            "etcdserver: mvcc: required revision has been compacted",
            Refusal.Keyspace.Reason.FUTURE_REVISION,
            "etcdserver: mvcc: required revision is a future revision",
            Refusal.Keyspace.Reason.LEASE_NOT_FOUND,
            "etcdserver: requested lease not found",
            Refusal.Keyspace.Reason.KEY_NOT_FOUND,
            "etcdserver: key not found");
    for (var reason : Refusal.Keyspace.Reason.values()) {
      assertEquals(texts.get(reason), text(new Refusal.Keyspace(reason)));
    }
  }

  @Test
  void everyUnsoundRequestHasItsText() {
    Map<Refusal.Unsound.Reason, String> texts =
        Map.of(
            Refusal.Unsound.Reason.KEY_NOT_PROVIDED, "etcdserver: key is not provided",
            Refusal.Unsound.Reason.VALUE_PROVIDED, "etcdserver: value is provided",
            Refusal.Unsound.Reason.LEASE_PROVIDED, "etcdserver: lease is provided",
            Refusal.Unsound.Reason.EMPTY_OPERATION, "etcdserver: key not found",
            Refusal.Unsound.Reason.TOO_MANY_OPERATIONS,
                "etcdserver: too many operations in txn request",
            Refusal.Unsound.Reason.DUPLICATE_KEY, "etcdserver: duplicate key given in txn request",
            Refusal.Unsound.Reason.INVALID_SORT, "etcdserver: invalid sort option",
            Refusal.Unsound.Reason.REQUEST_TOO_LARGE, "etcdserver: request is too large",
            Refusal.Unsound.Reason.MEMBER_URLS, "etcdserver: given member URLs are invalid");
    for (var reason : Refusal.Unsound.Reason.values()) {
      assertEquals(texts.get(reason), text(new Refusal.Unsound(reason)));
    }
  }

  @Test
  void everyRefusedMembershipChangeHasItsText() {
    Map<Refusal.Membership.Reason, String> texts =
        Map.of(
            Refusal.Membership.Reason.ID_EXISTS, "etcdserver: member ID already exist",
            Refusal.Membership.Reason.PEER_URL_EXISTS, "etcdserver: Peer URLs already exists",
            Refusal.Membership.Reason.ID_NOT_FOUND, "etcdserver: member not found",
            Refusal.Membership.Reason.ID_REMOVED, "etcdserver: member not found",
            Refusal.Membership.Reason.NOT_A_LEARNER,
                "etcdserver: can only promote a learner member",
            Refusal.Membership.Reason.TOO_MANY_LEARNERS,
                "etcdserver: too many learner members in cluster");
    for (var reason : Refusal.Membership.Reason.values()) {
      assertEquals(texts.get(reason), text(new Refusal.Membership(reason, new MemberId(1))));
    }
  }

  @Test
  void everyFailureOfConsensusHasACodeThatSaysWhetherToTryAgain() {
    for (var kind : ConsensusFailure.Kind.values()) {
      var fault = ErrorTable.fault(new Answer.Failed<>(kind.text(), true));
      assertEquals(kind.text(), fault.text());
      assertEquals(
          kind == ConsensusFailure.Kind.TOO_MANY_REQUESTS
              ? RpcCode.RESOURCE_EXHAUSTED
              : RpcCode.UNAVAILABLE,
          fault.code());
    }
  }

  @Test
  void whatHasNoRowTravelsAsItIs() {
    assertEquals(
        new RpcFault(RpcCode.UNKNOWN, "not a primary lessor"),
        ErrorTable.fault(new Answer.Failed<>("not a primary lessor", false)));
    assertEquals(V3Error.PERMISSION_DENIED.fault(), ErrorTable.fault(new Answer.Denied<>()));
  }

  @Test
  void aRefusalOfTheV2ApiIsAFaultOfOurs() {
    var tree = new Refusal.Tree(Refusal.Tree.Code.KEY_NOT_FOUND, Bytes.EMPTY, 1);
    assertThrows(IllegalStateException.class, () -> ErrorTable.error(tree));
    assertThrows(IllegalStateException.class, () -> ErrorTable.fault(new Answer.Done<>("well")));
  }

  private static String text(Refusal refusal) {
    return ErrorTable.fault(new Answer.Refused<>(refusal)).text();
  }
}
