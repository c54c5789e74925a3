// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.server.consensus.ConsensusFacts;
import io.kvorum.server.member.MembershipView;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells the membership as this member knows it. Open to everybody, also without a leader. */
public final class ListMembers {
  private final MembershipView members;
  private final ConsensusFacts facts;

  public ListMembers(MembershipView members, ConsensusFacts facts) {
    this.members = members;
    this.facts = facts;
  }

  public MemberId clusterId() {
    return members.current().clusterId();
  }

  /** The member that answers. */
  public MemberId localId() {
    return members.current().localId();
  }

  /** All members, by id. */
  public List<MemberEntry> all() {
    return members.current().members().values().stream().map(MemberEntry::of).toList();
  }

  /** The leader; empty while none is known. */
  public Optional<MemberEntry> leader() {
    return members.current().find(facts.leader()).map(MemberEntry::of);
  }

  /** Where clients reach the cluster: the URLs of all members, sorted. */
  public Stream<String> clientUrls() {
    return members.current().members().values().stream()
        .flatMap(member -> member.clientUrls().stream())
        .sorted();
  }

  /** The version all members can speak, as {@code 3.4.0}; empty before the first decision. */
  public Optional<String> clusterVersion() {
    return members.current().clusterVersion();
  }
}
