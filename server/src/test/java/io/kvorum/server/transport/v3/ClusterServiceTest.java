// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.kvorum.api.etcdserverpb.MemberAddRequest;
import io.kvorum.api.etcdserverpb.MemberAddResponse;
import io.kvorum.api.etcdserverpb.MemberListRequest;
import io.kvorum.api.etcdserverpb.MemberListResponse;
import io.kvorum.api.etcdserverpb.MemberPromoteRequest;
import io.kvorum.api.etcdserverpb.MemberPromoteResponse;
import io.kvorum.api.etcdserverpb.MemberRemoveRequest;
import io.kvorum.api.etcdserverpb.MemberRemoveResponse;
import io.kvorum.api.etcdserverpb.MemberUpdateRequest;
import io.kvorum.api.etcdserverpb.MemberUpdateResponse;
import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.consensus.ConsensusFailure;
import io.kvorum.server.consensus.Followers;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.MemberIds;
import io.kvorum.server.request.AdminAccess;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Authorisation;
import io.kvorum.server.request.ChangeMembers;
import io.kvorum.server.request.ConnectedQuorum;
import io.kvorum.server.request.ListMembers;
import io.kvorum.server.request.PromoteMember;
import io.kvorum.server.request.ReconfigureCluster;
import io.kvorum.server.transport.net.RpcMethods;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Cluster service over a log that applies at once. */
class ClusterServiceTest {
  private static final String SERVICE = "/etcdserverpb.Cluster/";
  private static final MemberId OTHER = new MemberId(9);
  private static final MemberId LEARNER = new MemberId(11);

  private final List<Command> proposed = Collections.synchronizedList(new ArrayList<>());
  private final List<String> forwarded = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean permitted = true;
  private volatile long learnerMatch = 95;
  private volatile CompletableFuture<Void> barrier = CompletableFuture.completedFuture(null);
  private final TestV3 port = new TestV3(this::register);

  private void register(TestV3 here, RpcMethods methods) {
    var change =
        new ChangeMembers(
            Authorisation.OFF,
            this::propose,
            here::membership,
            new StandingClock(),
            new ConnectedQuorum(new StandingClock(), id -> 0));
    var promotion =
        new PromoteMember(
            change,
            () -> CompletableFuture.completedFuture(progress()),
            here.facts,
            here::membership,
            (leader, id) -> {
              forwarded.add(leader.id().value() + " " + id.value());
              return Answer.now(new Answer.Done<>(id));
            });
    AdminAccess access =
        (caller, right) ->
            permitted
                ? AdminAccess.OFF.admit(caller, right)
                : Answer.now(new Answer.Failed<>("etcdserver: user name is empty", false));
    new ClusterService(
            new ReconfigureCluster(
                access,
                change,
                promotion,
                new ListMembers(here::membership, here.facts),
                () -> barrier),
            here.headers,
            here.gate)
        .register(methods);
  }

  private Optional<Followers.Progress> progress() {
    return port.leader.equals(TestV3.SELF)
        ? Optional.of(new Followers.Progress(100, Map.of(LEARNER, learnerMatch)))
        : Optional.empty();
  }

  private synchronized CompletableFuture<Applied> propose(Command command) {
    proposed.add(command);
    Outcome outcome = new Outcome.Done();
    switch (command) {
      case MemberCommand.Add add when add.peerUrls().contains("http://s:1") ->
          outcome = refused(Refusal.Membership.Reason.PEER_URL_EXISTS, add.id());
      case MemberCommand.Add add ->
          port.put(new Member(add.id(), "", add.peerUrls(), List.of(), add.learner()));
      case MemberCommand.Remove remove when !port.members.containsKey(remove.id()) ->
          outcome = refused(Refusal.Membership.Reason.ID_NOT_FOUND, remove.id());
      case MemberCommand.Remove remove -> port.members.remove(remove.id());
      case MemberCommand.Update update ->
          port.put(new Member(update.id(), "o", update.peerUrls(), List.of(), false));
      case MemberCommand.Promote promote ->
          port.put(new Member(promote.id(), "l", List.of("http://l:1"), List.of(), false));
      default -> throw new IllegalStateException("not expected: " + command);
    }
    return CompletableFuture.completedFuture(new Applied(outcome, 9, 3));
  }

  private static Outcome refused(Refusal.Membership.Reason reason, MemberId id) {
    return new Outcome.Refused(new Refusal.Membership(reason, id));
  }

  @AfterEach
  void close() {
    port.close();
  }

  @Test
  void aMemberIsAddedAndAllAreTold() {
    var answer =
        port.call(
            SERVICE + "MemberAdd",
            MemberAddRequest.newBuilder()
                .addPeerURLs("http://b:1")
                .addPeerURLs("http://a:1")
                .setIsLearner(true)
                .build(),
            MemberAddResponse.parser());
    var id = MemberIds.atRunTime(List.of("http://a:1", "http://b:1"), 50);
    assertEquals(TestV3.HEADER, answer.getHeader());
    assertEquals(id.value(), answer.getMember().getID());
    assertTrue(answer.getMember().getIsLearner());
    assertEquals(List.of("http://a:1", "http://b:1"), answer.getMember().getPeerURLsList());
    assertEquals(2, answer.getMembersCount());
    assertEquals(
        List.of(new MemberCommand.Add(id, List.of("http://a:1", "http://b:1"), "", true)),
        proposed);
  }

  @Test
  void whatIsNoUrlIsNotProposed() {
    for (var urls : List.of(List.<String>of(), List.of("bogus"), List.of("http://a:1/path"))) {
      port.assertFails(
          Status.Code.INVALID_ARGUMENT,
          "etcdserver: given member URLs are invalid",
          SERVICE + "MemberAdd",
          MemberAddRequest.newBuilder().addAllPeerURLs(urls).build());
      port.assertFails(
          Status.Code.INVALID_ARGUMENT,
          "etcdserver: given member URLs are invalid",
          SERVICE + "MemberUpdate",
          MemberUpdateRequest.newBuilder().setID(7).addAllPeerURLs(urls).build());
    }
    assertEquals(List.of(), proposed);
  }

  @Test
  void whatApplyRefusesIsToldWithEtcdsWords() {
    port.assertFails(
        Status.Code.FAILED_PRECONDITION,
        "etcdserver: Peer URLs already exists",
        SERVICE + "MemberAdd",
        MemberAddRequest.newBuilder().addPeerURLs("http://s:1").build());
    port.assertFails(
        Status.Code.NOT_FOUND,
        "etcdserver: member not found",
        SERVICE + "MemberRemove",
        MemberRemoveRequest.newBuilder().setID(99).build());
  }

  @Test
  void aQuorumIsNotEndangered() {
    port.put(new Member(OTHER, "", List.of("http://o:1"), List.of(), false));
    port.assertFails(
        Status.Code.FAILED_PRECONDITION,
        "etcdserver: re-configuration failed due to not enough started members",
        SERVICE + "MemberAdd",
        MemberAddRequest.newBuilder().addPeerURLs("http://x:1").build());
    assertEquals(List.of(), proposed);
  }

  @Test
  void aMemberMovesAndGoes() {
    port.put(new Member(OTHER, "o", List.of("http://o:1"), List.of(), false));
    var moved =
        port.call(
            SERVICE + "MemberUpdate",
            MemberUpdateRequest.newBuilder().setID(9).addPeerURLs("http://o:2").build(),
            MemberUpdateResponse.parser());
    assertEquals("http://o:2", moved.getMembers(1).getPeerURLs(0));
    var left =
        port.call(
            SERVICE + "MemberRemove",
            MemberRemoveRequest.newBuilder().setID(9).build(),
            MemberRemoveResponse.parser());
    assertEquals(1, left.getMembersCount());
    assertEquals(0, left.getHeader().getRevision());
  }

  @Test
  void onlyALearnerThatHasNearlyAllIsPromoted() {
    port.put(new Member(LEARNER, "l", List.of("http://l:1"), List.of(), true));
    learnerMatch = 89;
    promoting(
        11,
        Status.Code.FAILED_PRECONDITION,
        "can only promote a learner member which is in sync with leader");
    promoting(7, Status.Code.FAILED_PRECONDITION, "can only promote a learner member");
    promoting(77, Status.Code.NOT_FOUND, "member not found");
    assertEquals(List.of(), proposed);
    learnerMatch = 90;
    var done = promote(11);
    assertEquals(false, done.getMembers(1).getIsLearner());
  }

  @Test
  void aFollowerAsksTheLeader() {
    port.put(new Member(OTHER, "o", List.of("http://o:1"), List.of(), false));
    port.leader = OTHER;
    promote(11);
    assertEquals(List.of("9 11"), forwarded);
    assertEquals(List.of(), proposed);
    port.leader = MemberId.NONE;
    promoting(11, Status.Code.UNAVAILABLE, "no leader");
  }

  private MemberPromoteResponse promote(long id) {
    return port.call(
        SERVICE + "MemberPromote",
        MemberPromoteRequest.newBuilder().setID(id).build(),
        MemberPromoteResponse.parser());
  }

  private void promoting(long id, Status.Code code, String text) {
    port.assertFails(
        code,
        "etcdserver: " + text,
        SERVICE + "MemberPromote",
        MemberPromoteRequest.newBuilder().setID(id).build());
  }

  @Test
  void theListIsLinearizableOnlyWhenAskedFor() {
    barrier =
        CompletableFuture.failedFuture(new ConsensusFailure(ConsensusFailure.Kind.TIMEOUT, false));
    var list =
        port.call(
            SERVICE + "MemberList",
            MemberListRequest.getDefaultInstance(),
            MemberListResponse.parser());
    assertEquals("s", list.getMembers(0).getName());
    assertEquals("http://s:2", list.getMembers(0).getClientURLs(0));
    port.assertFails(
        Status.Code.UNAVAILABLE,
        "etcdserver: request timed out",
        SERVICE + "MemberList",
        MemberListRequest.newBuilder().setLinearizable(true).build());
  }

  @Test
  void whoIsNobodyChangesAndSeesNothing() {
    permitted = false;
    for (var method :
        List.of("MemberAdd", "MemberRemove", "MemberUpdate", "MemberPromote", "MemberList")) {
      port.assertFails(
          Status.Code.INVALID_ARGUMENT,
          "etcdserver: user name is empty",
          SERVICE + method,
          MemberListRequest.getDefaultInstance());
    }
    assertEquals(List.of(), proposed);
  }

  @Test
  void aLearnerDoesNotServe() {
    port.learner = true;
    port.assertFails(
        Status.Code.FAILED_PRECONDITION,
        "etcdserver: rpc not supported for learner",
        SERVICE + "MemberList",
        MemberListRequest.getDefaultInstance());
  }

  private static final class StandingClock implements Clock {
    @Override
    public long unixNanos() {
      return 50_000_000_000L;
    }

    @Override
    public long monotonicNanos() {
      return 50_000_000_000L;
    }
  }
}
