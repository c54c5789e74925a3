// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.server.base.Urls;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.consensus.ReadBarrier;
import io.kvorum.server.request.AdminAccess.Right;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The membership as the v3 API changes and tells it: each change answers with all members after it.
 * Callable from any thread.
 */
public final class ReconfigureCluster {
  private final AdminAccess access;
  private final ChangeMembers change;
  private final PromoteMember promotion;
  private final ListMembers members;
  private final ReadBarrier barrier;

  /**
   * Creates the use case.
   *
   * @param change lets everybody change anything: who may is decided here
   */
  public ReconfigureCluster(
      AdminAccess access,
      ChangeMembers change,
      PromoteMember promotion,
      ListMembers members,
      ReadBarrier barrier) {
    this.access = access;
    this.change = change;
    this.promotion = promotion;
    this.members = members;
    this.barrier = barrier;
  }

  /** A member that was added, and all members then, by id. */
  public record Added(MemberEntry member, List<MemberEntry> all) {}

  /** Adds a voter or a learner. */
  public CompletableFuture<Answer<Added>> add(
      Caller caller, List<String> peerUrls, boolean learner) {
    return asRoot(
        caller,
        ifSound(
            peerUrls,
            urls ->
                Answer.map(
                    change.add(caller, urls, learner),
                    member -> new Added(member, members.all()))));
  }

  /** Removes a member for ever. */
  public CompletableFuture<Answer<List<MemberEntry>>> remove(Caller caller, MemberId id) {
    return asRoot(caller, () -> thenAll(change.remove(caller, id)));
  }

  /** Gives a member other peer URLs. */
  public CompletableFuture<Answer<List<MemberEntry>>> update(
      Caller caller, MemberId id, List<String> peerUrls) {
    return asRoot(caller, ifSound(peerUrls, urls -> thenAll(change.update(caller, id, urls))));
  }

  /** Makes a learner a voter. */
  public CompletableFuture<Answer<List<MemberEntry>>> promote(Caller caller, MemberId id) {
    return asRoot(caller, () -> thenAll(promotion.anywhere(caller, id)));
  }

  /**
   * All members by id.
   *
   * @param linearizable whether it must contain every change that was answered before
   */
  public CompletableFuture<Answer<List<MemberEntry>>> list(Caller caller, boolean linearizable) {
    return Answer.then(
        access.admit(caller, Right.ANY_USER),
        requester ->
            linearizable
                ? barrier
                    .await()
                    .handle(
                        (nothing, failed) ->
                            failed == null
                                ? new Answer.Done<>(members.all())
                                : Answer.failed(failed))
                : Answer.now(new Answer.Done<>(members.all())));
  }

  private CompletableFuture<Answer<List<MemberEntry>>> thenAll(
      CompletableFuture<Answer<MemberId>> changed) {
    return Answer.map(changed, id -> members.all());
  }

  private <T> CompletableFuture<Answer<T>> asRoot(
      Caller caller, Supplier<CompletableFuture<Answer<T>>> then) {
    return Answer.then(access.admit(caller, Right.ROOT), requester -> then.get());
  }

  private static <T> Supplier<CompletableFuture<Answer<T>>> ifSound(
      List<String> peerUrls, Function<List<String>, CompletableFuture<Answer<T>>> then) {
    Optional<String> complaint = Urls.complaintAbout(peerUrls);
    return () ->
        complaint.isPresent()
            ? Answer.now(
                new Answer.Refused<>(new Refusal.Unsound(Refusal.Unsound.Reason.MEMBER_URLS)))
            : then.apply(Urls.normalize(peerUrls));
  }
}
