// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.MemberIds;
import io.kvorum.server.member.MembershipView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds, removes and moves members, one at a time. */
public final class ChangeMembers {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeMembers.class);

  private static final long NANOS = 1_000_000_000L;

  private final Authorisation authorisation;
  private final Proposals proposals;
  private final MembershipView members;
  private final Clock clock;
  private final boolean strict;

  /**
   * Creates the use case.
   *
   * @param strict refuse a change that leaves too few started members for a quorum
   */
  public ChangeMembers(
      Authorisation authorisation,
      Proposals proposals,
      MembershipView members,
      Clock clock,
      boolean strict) {
    this.authorisation = authorisation;
    this.proposals = proposals;
    this.members = members;
    this.clock = clock;
    this.strict = strict;
  }

  /** Adds a voter that will be reached at {@code peerUrls} (sorted); its id is made here. */
  public CompletableFuture<Answer<MemberEntry>> add(Caller caller, List<String> peerUrls) {
    return authorisation.ifPermitted(
        caller,
        new Access.ChangeMembers(),
        () -> {
          if (strict && !readyToAdd()) {
            return Answer.now(new Answer.Failed<>(NOT_ENOUGH, false));
          }
          var id = MemberIds.atRunTime(peerUrls, Math.floorDiv(clock.unixNanos(), NANOS));
          var entry = new MemberEntry(id, "", peerUrls, List.of(), false);
          return propose(new MemberCommand.Add(id, peerUrls, "", false), entry);
        });
  }

  /** Removes a member for ever. */
  public CompletableFuture<Answer<MemberId>> remove(Caller caller, MemberId id) {
    return authorisation.ifPermitted(
        caller,
        new Access.ChangeMembers(),
        () ->
            strict && !readyToRemove(id)
                ? Answer.now(new Answer.Failed<>(NOT_ENOUGH, false))
                : propose(new MemberCommand.Remove(id), id));
  }

  /** Gives a member other peer URLs (sorted). */
  public CompletableFuture<Answer<MemberId>> update(
      Caller caller, MemberId id, List<String> peerUrls) {
    return authorisation.ifPermitted(
        caller,
        new Access.ChangeMembers(),
        () -> propose(new MemberCommand.Update(id, peerUrls), id));
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

  private static final String NOT_ENOUGH =
      "etcdserver: re-configuration failed due to not enough started members";

  private boolean readyToAdd() {
    var now = members.current().members().values();
    long started = now.stream().filter(Member::started).count();
    int size = now.size() + 1;
    boolean firstPair = started == 1 && size == 2;
    return firstPair || enough("add", started, size);
  }

  private boolean readyToRemove(MemberId id) {
    var rest =
        members.current().members().values().stream()
            .filter(member -> !member.id().equals(id))
            .toList();
    return enough("remove", rest.stream().filter(Member::started).count(), rest.size());
  }

  private static boolean enough(String what, long started, int size) {
    int quorum = size / 2 + 1;
    if (started >= quorum) {
      return true;
    }
    LOG.atWarn()
        .addKeyValue("started", started)
        .addKeyValue("quorum", quorum)
        .log(
            "Reject {} member request: the number of started member ({}) will be less than the"
                + " quorum number of the cluster ({})",
            what,
            started,
            quorum);
    return false;
  }
}
