// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.consensus.Proposals;
import io.kvorum.server.member.Membership;
import io.kvorum.server.member.MembershipView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What a member's own duties may do: the same road as everybody's requests. */
public final class BackgroundWork {

  private final Proposals proposals;
  private final ConsensusFacts facts;
  private final MembershipView members;

  public BackgroundWork(Proposals proposals, ConsensusFacts facts, MembershipView members) {
    this.proposals = proposals;
    this.facts = facts;
    this.members = members;
  }

  /** Whether this member leads, as far as it knows. */
  public boolean leads() {
    return facts.leader().equals(members.current().localId());
  }

  /** The term of that knowledge. */
  public long term() {
    return facts.term();
  }

  public MemberId localId() {
    return members.current().localId();
  }

  public MemberId clusterId() {
    return members.current().clusterId();
  }

  /** As {@code 3.4.0}; empty before the first decision. */
  public Optional<String> clusterVersion() {
    return members.current().clusterVersion();
  }

  /** All members but this one. */
  public List<MemberEntry> others() {
    Membership now = members.current();
    return now.members().values().stream()
        .filter(member -> !member.id().equals(now.localId()))
        .map(MemberEntry::of)
        .toList();
  }

  /** Submits a command; the future ends as {@link Proposals#propose} says. */
  public CompletableFuture<Outcome> submit(Command command) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    proposals
        .propose(command)
        .whenComplete(
            (applied, failure) -> {
              if (failure == null) {
                answer.complete(applied.outcome());
              } else {
                answer.completeExceptionally(failure);
              }
            });
    return answer;
  }
}
