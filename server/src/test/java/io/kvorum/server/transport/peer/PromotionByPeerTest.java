// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.raft.Effects.Role;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.ConsensusFailure;
import io.kvorum.server.consensus.Followers;
import io.kvorum.server.consensus.Proposals.Applied;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Authorisation;
import io.kvorum.server.request.ChangeMembers;
import io.kvorum.server.request.MemberEntry;
import io.kvorum.server.request.PromoteMember;
import io.kvorum.server.request.ReconfigurationRule;
import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A promotion that one member asks another for, over the peer port. */
class PromotionByPeerTest {
  private static final MemberId LEADER = new MemberId(1);
  private static final MemberId LEARNER = new MemberId(-2);
  private static final Answer<MemberId> NOT_READY =
      new Answer.Failed<>(
          "etcdserver: can only promote a learner member which is in sync with leader", false);

  private volatile long match = 100;
  private volatile boolean leads = true;
  private volatile boolean stuck;
  private final Vertx vertx = Vertx.vertx();
  private final TestNode node = node();

  private TestNode node() {
    try {
      return new TestNode(
          1, network -> List.of(PromotionByPeer.endpoint(promotion(), () -> Bytes.utf8("[]\n"))));
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private PromoteMember promotion() {
    var change =
        new ChangeMembers(
            Authorisation.OFF,
            command ->
                stuck
                    ? CompletableFuture.failedFuture(
                        new ConsensusFailure(ConsensusFailure.Kind.TIMEOUT, true))
                    : CompletableFuture.completedFuture(new Applied(new Outcome.Done(), 5, 1)),
            this::membership,
            new StandingClock(),
            ReconfigurationRule.NONE);
    return new PromoteMember(
        change,
        () ->
            CompletableFuture.completedFuture(
                leads
                    ? Optional.of(new Followers.Progress(100, Map.of(LEARNER, match)))
                    : Optional.empty()),
        new NoFacts(),
        this::membership,
        (leader, id) -> {
          throw new IllegalStateException("must not be sent on");
        });
  }

  private Membership membership() {
    var members = new TreeMap<MemberId, Member>();
    members.put(LEADER, new Member(LEADER, "a", List.of("http://a:1"), List.of(), false));
    members.put(LEARNER, new Member(LEARNER, "b", List.of("http://b:1"), List.of(), true));
    return new Membership(new MemberId(9), LEADER, members, Set.of(), Optional.empty());
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    node.close();
  }

  @Test
  void theLeaderPromotesAndSaysWhyNot() throws Exception {
    assertEquals(new Answer.Done<>(LEARNER), ask(LEARNER));
    match = 50;
    assertEquals(NOT_READY, ask(LEARNER));
    assertEquals(refused(Refusal.Membership.Reason.NOT_A_LEARNER, LEADER), ask(LEADER));
    var nobody = new MemberId(5);
    assertEquals(refused(Refusal.Membership.Reason.ID_NOT_FOUND, nobody), ask(nobody));
  }

  @Test
  void whatTheLeaderCannotDoIsNoSuccess() throws Exception {
    stuck = true;
    assertEquals(new Answer.Failed<>("etcdserver: request timed out", true), ask(LEARNER));
    leads = false;
    assertEquals(
        new Answer.Failed<>(
            "member promote: unknown error({\"message\":\"etcdserver: not leader\"})", true),
        ask(LEARNER));
  }

  @Test
  void aUrlThatNobodyListensOnIsPassedOver() throws Exception {
    String closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = "http://127.0.0.1:" + socket.getLocalPort();
    }
    assertEquals(new Answer.Done<>(LEARNER), ask(LEARNER, List.of(closed, node.url())));
    assertEquals(
        new Answer.Failed<>("etcdserver: request timed out", false), ask(LEARNER, List.of(closed)));
  }

  private static Answer<MemberId> refused(Refusal.Membership.Reason reason, MemberId id) {
    return new Answer.Refused<>(new Refusal.Membership(reason, id));
  }

  private Answer<MemberId> ask(MemberId id) throws Exception {
    return ask(id, List.of(node.url()));
  }

  private Answer<MemberId> ask(MemberId id, List<String> urls) throws Exception {
    var asking = new PromotionByPeer(new PeerDirectory(vertx), Duration.ofSeconds(10));
    return asking
        .promote(new MemberEntry(LEADER, "a", urls, List.of(), false), id)
        .get(30, TimeUnit.SECONDS);
  }

  private static final class NoFacts implements ConsensusFacts {
    @Override
    public MemberId leader() {
      return MemberId.NONE;
    }

    @Override
    public Role role() {
      return Role.FOLLOWER;
    }

    @Override
    public long term() {
      return 1;
    }

    @Override
    public long appliedIndex() {
      return 1;
    }

    @Override
    public long committedIndex() {
      return 1;
    }
  }

  private static final class StandingClock implements Clock {
    @Override
    public long unixNanos() {
      return 0;
    }

    @Override
    public long monotonicNanos() {
      return 0;
    }
  }
}
