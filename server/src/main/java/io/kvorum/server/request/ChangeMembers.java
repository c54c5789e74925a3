// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.member.MemberIds;
import io.kvorum.server.member.Membership;
import io.kvorum.server.member.MembershipView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** Adds, removes, moves and promotes members, one at a time. */
public final class ChangeMembers {
  private static final long NANOS = 1_000_000_000L;

  private final Authorisation authorisation;
  private final Proposals proposals;
  private final MembershipView members;
  private final Clock clock;
  private final ReconfigurationRule rule;

  /**
   * Creates the use case.
   *
   * @param rule what may stand against a change
   */
  public ChangeMembers(
      Authorisation authorisation,
      Proposals proposals,
      MembershipView members,
      Clock clock,
      ReconfigurationRule rule) {
    this.authorisation = authorisation;
    this.proposals = proposals;
    this.members = members;
    this.clock = clock;
    this.rule = rule;
  }

  /** Adds a voter that will be reached at {@code peerUrls} (sorted); its id is made here. */
  public CompletableFuture<Answer<MemberEntry>> add(Caller caller, List<String> peerUrls) {
    return add(caller, peerUrls, false);
  }

  /** Adds a voter or a learner, likewise. */
  CompletableFuture<Answer<MemberEntry>> add(
      Caller caller, List<String> peerUrls, boolean learner) {
    return ifAllowed(
        caller,
        now -> learner ? Optional.empty() : rule.againstAddingVoter(now),
        () -> {
          var id = freshId(peerUrls);
          var entry = new MemberEntry(id, "", peerUrls, List.of(), learner);
          return propose(new MemberCommand.Add(id, peerUrls, "", learner), entry);
        });
  }

  /**
   * An id holds the second. The same URLs a second time within one would get the id of the first,
   * and the answer would name that instead of the URLs, or refuse one who left as gone for ever.
   */
  private MemberId freshId(List<String> peerUrls) {
    var now = members.current();
    long second = Math.floorDiv(clock.unixNanos(), NANOS);
    var id = MemberIds.atRunTime(peerUrls, second);
    while (now.find(id).isPresent() || now.removed().contains(id)) {
      id = MemberIds.atRunTime(peerUrls, ++second);
    }
    return id;
  }

  /** Removes a member for ever. */
  public CompletableFuture<Answer<MemberId>> remove(Caller caller, MemberId id) {
    return ifAllowed(
        caller,
        now -> rule.againstRemoving(now, id),
        () -> propose(new MemberCommand.Remove(id), id));
  }

  /** Gives a member other peer URLs (sorted). */
  public CompletableFuture<Answer<MemberId>> update(
      Caller caller, MemberId id, List<String> peerUrls) {
    return ifAllowed(
        caller, now -> Optional.empty(), () -> propose(new MemberCommand.Update(id, peerUrls), id));
  }

  /** Makes a learner a voter, however far it is. */
  CompletableFuture<Answer<MemberId>> promote(Caller caller, MemberId id) {
    return ifAllowed(
        caller,
        now -> rule.againstPromoting(now, id),
        () -> propose(new MemberCommand.Promote(id), id));
  }

  private <T> CompletableFuture<Answer<T>> ifAllowed(
      Caller caller,
      Function<Membership, Optional<String>> objection,
      Supplier<CompletableFuture<Answer<T>>> then) {
    return authorisation.ifPermitted(
        caller,
        new Access.ChangeMembers(),
        () ->
            objection
                .apply(members.current())
                .map(reason -> Answer.now(new Answer.Failed<T>(reason, false)))
                .orElseGet(then));
  }

  private <T> CompletableFuture<Answer<T>> propose(MemberCommand command, T value) {
    return proposals
        .propose(command)
        .handle(
            (applied, failed) ->
                failed != null
                    ? Answer.failed(failed)
                    : applied.outcome() instanceof Outcome.Refused(var refusal)
                        ? new Answer.Refused<>(refusal)
                        : new Answer.Done<>(value));
  }
}
