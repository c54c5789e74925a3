// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.MemberId;
import io.kvorum.server.base.MinorVersion;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.member.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How a member that was added to a running cluster finds out who it is there: state {@code
 * existing}. Rules and texts follow the recorded behaviour of etcd 2.3.7, but for one: a member
 * that has already been started is refused, since without its log it would vote a second time.
 */
final class Joining {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String VERSION_MIN = "3.0.0";

  private final String name;
  private final MemberConfig.Founding config;
  private final Neighbours neighbours;

  Joining(String name, MemberConfig.Founding config, Neighbours neighbours) {
    this.name = name;
    this.config = config;
    this.neighbours = neighbours;
  }

  /**
   * @param others peer URLs of everybody else
   */
  Identity identify(List<String> others) {
    Neighbours.Cluster cluster =
        neighbours
            .cluster(others, PATIENCE)
            .orElseThrow(
                () ->
                    new StartFailure(
                        "cannot fetch cluster info from peer urls: could not retrieve cluster"
                            + " information from the given urls"));
    Member self = match(cluster);
    if (!self.clientUrls().isEmpty()) {
      throw Founding.alreadyBootstrapped(self.id());
    }
    checkVersion(cluster, self);
    return new Identity(self.id(), cluster.id(), List.of());
  }

  /** Pairs the configured members with the real ones in the order of their first peer URLs. */
  private Member match(Neighbours.Cluster cluster) {
    List<Member> real = sorted(cluster.members());
    List<Member> configured = new ArrayList<>();
    config
        .cluster()
        .forEach(
            (member, urls) ->
                configured.add(new Member(MemberId.NONE, member, urls, List.of(), false)));
    List<Member> wanted = sorted(configured);
    if (real.size() != wanted.size()) {
      throw invalid(cluster, "member count is unequal");
    }
    Member self = real.getFirst();
    for (int i = 0; i < real.size(); i++) {
      if (!real.get(i).peerUrls().equals(wanted.get(i).peerUrls())) {
        throw invalid(cluster, "unmatched member while checking PeerURLs");
      }
      if (wanted.get(i).name().equals(name)) {
        self = real.get(i);
      }
    }
    return self;
  }

  private static List<Member> sorted(List<Member> members) {
    return members.stream()
        .sorted(
            Comparator.comparing(
                (Member member) -> member.peerUrls().stream().findFirst().orElse("")))
        .toList();
  }

  private static StartFailure invalid(Neighbours.Cluster cluster, String problem) {
    return new StartFailure(
        "error validating peerURLs " + cluster.told() + ": " + problem,
        "--initial-cluster must list every member of the running cluster, this one included");
  }

  /** A member that can not do what the others agreed on would stop at the first such entry. */
  private void checkVersion(Neighbours.Cluster cluster, Member self) {
    List<Member> others =
        cluster.members().stream().filter(member -> !member.id().equals(self.id())).toList();
    List<String> versions =
        neighbours.clusterVersions(others, PATIENCE).stream().filter(MinorVersion::isOne).toList();
    for (String version : versions) {
      if (MinorVersion.compare(version, VERSION_MIN) < 0
          || MinorVersion.compare(version, ServerVersion.API) > 0) {
        throw incompatible("its cluster version is " + version);
      }
    }
    if (versions.isEmpty()) {
      throw incompatible("no member tells a cluster version yet: try again when it has a leader");
    }
  }

  /** The word is 2.3.7's own. */
  private static StartFailure incompatible(String why) {
    return new StartFailure(
        "incomptible with current running cluster",
        why
            + "; this member takes part in clusters from "
            + VERSION_MIN
            + " to "
            + MinorVersion.cut(ServerVersion.API));
  }
}
