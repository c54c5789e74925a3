// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.MemberId;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Membership.Reason;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.request.MemberEntry;
import io.kvorum.server.request.PromoteMember;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * {@code POST /members/promote/ID}: how a member that does not lead has a learner promoted by the
 * one that does. Statuses and texts: etcd 3.4, both ways.
 */
public final class PromotionByPeer implements PromoteMember.AtLeader {
  private static final String PATH = "/members/promote/";

  private static final String NOT_READY =
      "etcdserver: can only promote a learner member which is in sync with leader";
  private static final String NOT_A_LEARNER = "etcdserver: can only promote a learner member";
  private static final String NOT_FOUND = "membership: ID not found";
  private static final String TIMEOUT = "etcdserver: request timed out";

  private final PeerDirectory directory;
  private final Duration patience;

  /**
   * @param patience how long the leader may take, for each of its URLs
   */
  public PromotionByPeer(PeerDirectory directory, Duration patience) {
    this.directory = directory;
    this.patience = patience;
  }

  @Override
  public CompletableFuture<Answer<MemberId>> promote(MemberEntry leader, MemberId id) {
    return directory
        .send(leader.peerUrls(), PATH + Long.toUnsignedString(id.value()), Bytes.EMPTY, patience)
        .thenApply(reply -> answer(reply, id));
  }

  private static Answer<MemberId> answer(Optional<PeerDirectory.Reply> reply, MemberId id) {
    if (reply.isEmpty()) {
      return new Answer.Failed<>(TIMEOUT, false);
    }
    String text = reply.get().body().utf8();
    return switch (reply.get().status()) {
      case 200 -> new Answer.Done<>(id);
      case 404 -> new Answer.Refused<>(new Refusal.Membership(Reason.ID_NOT_FOUND, id));
      case 0, 408 -> new Answer.Failed<>(TIMEOUT, true);
      case 412 ->
          text.contains("in sync with leader")
              ? new Answer.Failed<>(NOT_READY, false)
              : text.contains(NOT_A_LEARNER)
                  ? new Answer.Refused<>(new Refusal.Membership(Reason.NOT_A_LEARNER, id))
                  : new Answer.Failed<>(
                      "member promote: unknown error(" + text.strip() + ")", true);
      default -> new Answer.Failed<>("member promote: unknown error(" + text.strip() + ")", true);
    };
  }

  /** The other end: serves what {@link #promote} sends. */
  public static PeerEndpoint endpoint(PromoteMember promotion, Supplier<Bytes> members) {
    return new PeerEndpoint(PATH, "POST", request -> serve(request, promotion, members));
  }

  private static void serve(
      HttpServerRequest request, PromoteMember promotion, Supplier<Bytes> members) {
    String decimal = request.path().substring(PATH.length());
    MemberId id;
    try {
      id = new MemberId(Long.parseUnsignedLong(decimal));
    } catch (NumberFormatException malformed) {
      PeerApi.text(request.response(), 404, "member " + decimal + " not found in cluster");
      return;
    }
    Context loop = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
    var address = request.remoteAddress();
    Caller caller = new Caller(address == null ? "" : address.toString(), Optional.empty());
    var unused =
        promotion
            .here(caller, id)
            .exceptionally(broken -> new Answer.Failed<>(broken.toString(), true))
            .thenAccept(answer -> loop.runOnContext(ignored -> tell(request, answer, members)));
  }

  private static void tell(
      HttpServerRequest request, Answer<MemberId> answer, Supplier<Bytes> members) {
    switch (answer) {
      case Answer.Done<MemberId> done -> PeerApi.json(request.response(), members.get());
      case Answer.Refused<MemberId>(Refusal.Membership(Reason reason, var id)) -> {
        if (reason == Reason.NOT_A_LEARNER) {
          PeerApi.text(request.response(), 412, NOT_A_LEARNER);
        } else {
          PeerApi.text(request.response(), 404, NOT_FOUND);
        }
      }
      case Answer.Failed<MemberId>(var reason, var mayHaveHappened) when reason.equals(NOT_READY) ->
          PeerApi.text(request.response(), 412, NOT_READY);
      case Answer.Failed<MemberId>(var reason, var mayHaveHappened) ->
          message(request, reason.startsWith(TIMEOUT) ? 408 : 503, reason);
      case Answer.Refused<MemberId>(var refusal) -> message(request, 500, refusal.toString());
      case Answer.Denied<MemberId> denied -> message(request, 500, "permission denied");
    }
  }

  private static void message(HttpServerRequest request, int status, String text) {
    request.response().setStatusCode(status);
    PeerApi.json(
        request.response(),
        new GoJson().beginObject().name("message").value(text).endObject().toBytes());
  }
}
