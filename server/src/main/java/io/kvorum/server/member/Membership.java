// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.member;

import io.kvorum.base.MemberId;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The cluster's members as of one position of the log: an immutable view.
 *
 * @param members by id in unsigned order
 * @param removed ids that can never come back
 * @param clusterVersion as {@code 3.4.0}; absent before the first decision
 * @param downgrade the version that a downgrade under way goes to, as {@code 3.4.0}
 */
public record Membership(
    MemberId clusterId,
    MemberId localId,
    SortedMap<MemberId, Member> members,
    Set<MemberId> removed,
    Optional<String> clusterVersion,
    Optional<String> downgrade) {

  /** Without a downgrade under way. */
  public Membership(
      MemberId clusterId,
      MemberId localId,
      SortedMap<MemberId, Member> members,
      Set<MemberId> removed,
      Optional<String> clusterVersion) {
    this(clusterId, localId, members, removed, clusterVersion, Optional.empty());
  }

  public Membership {
    members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    removed = Set.copyOf(removed);
  }

  public Optional<Member> find(MemberId id) {
    return Optional.ofNullable(members.get(id));
  }

  public Optional<Member> local() {
    return find(localId);
  }
}
