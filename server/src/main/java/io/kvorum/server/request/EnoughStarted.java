// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A change must leave a quorum of voters that have been started at least once. As etcd 2.3.7 and
 * 3.x check with {@code --strict-reconfig-check}.
 */
public final class EnoughStarted implements ReconfigurationRule {
  private static final Logger LOG = LoggerFactory.getLogger(EnoughStarted.class);

  private static final String NOT_ENOUGH =
      "etcdserver: re-configuration failed due to not enough started members";

  @Override
  public Optional<String> againstAddingVoter(Membership now) {
    List<Member> voters = now.members().values().stream().filter(m -> !m.learner()).toList();
    long started = started(voters);
    int size = voters.size() + 1;
    // The second of two is always unstarted when it is added.
    boolean firstPair = started == 1 && size == 2;
    return firstPair ? Optional.empty() : unlessEnough("add", started, size);
  }

  @Override
  public Optional<String> againstRemoving(Membership now, MemberId id) {
    if (now.find(id).filter(Member::learner).isPresent()) {
      return Optional.empty();
    }
    List<Member> rest =
        now.members().values().stream()
            .filter(member -> !member.learner() && !member.id().equals(id))
            .toList();
    return unlessEnough("remove", started(rest), rest.size());
  }

  /** The learner counts as started: it answers the leader already. */
  @Override
  public Optional<String> againstPromoting(Membership now, MemberId id) {
    List<Member> voters =
        now.members().values().stream()
            .filter(member -> !member.learner() && !member.id().equals(id))
            .toList();
    return unlessEnough("promote", started(voters) + 1, voters.size() + 1);
  }

  private static long started(List<Member> members) {
    return members.stream().filter(Member::started).count();
  }

  private static Optional<String> unlessEnough(String what, long started, int size) {
    int quorum = size / 2 + 1;
    if (started >= quorum) {
      return Optional.empty();
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
    return Optional.of(NOT_ENOUGH);
  }
}
