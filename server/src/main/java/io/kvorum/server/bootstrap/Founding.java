// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.MemberId;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.MemberIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a member without a log finds out who it is: the static bootstrap of etcd, state {@code new}
 * or {@code existing}. Nothing on disk changes here.
 */
final class Founding {

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Set<String> DEFAULT_PEER_URLS =
      Set.of("http://localhost:2380", "http://localhost:7001");

  private final String name;
  private final MemberConfig.Founding config;
  private final Neighbours neighbours;

  Founding(String name, MemberConfig.Founding config, Neighbours neighbours) {
    this.name = name;
    this.config = config;
    this.neighbours = neighbours;
  }

  Identity identify() {
    if (!config.cluster().containsKey(name)) {
      throw new StartFailure(
          "couldn't find local name \"" + name + "\" in the initial cluster configuration");
    }
    if (config.existing()) {
      checkDuplicates();
      return new Joining(name, config, neighbours).identify(othersUrls());
    }
    return found();
  }

  // --- a new cluster ---

  private Identity found() {
    checkAdvertised();
    checkDuplicates();
    List<Member> founders = new ArrayList<>();
    config
        .cluster()
        .forEach(
            (member, urls) ->
                founders.add(
                    new Member(
                        MemberIds.atBootstrap(urls, config.token()),
                        member,
                        urls,
                        List.of(),
                        false)));
    founders.sort(Comparator.comparing(Member::id));
    for (int i = 1; i < founders.size(); i++) {
      if (founders.get(i).id().equals(founders.get(i - 1).id())) {
        throw new StartFailure(
            "member exists with identical ID "
                + founders.get(i).id()
                + ": check --initial-cluster");
      }
    }
    MemberId self = MemberIds.atBootstrap(ownUrls(), config.token());
    checkNotBootstrapped(self);
    return new Identity(
        self, MemberIds.ofCluster(founders.stream().map(Member::id).toList()), founders);
  }

  private List<String> ownUrls() {
    return config.cluster().getOrDefault(name, List.of());
  }

  private void checkAdvertised() {
    List<String> own = ownUrls();
    if (Set.copyOf(own).equals(Set.copyOf(config.advertisedPeerUrls()))) {
      return;
    }
    List<String> hints = new ArrayList<>();
    if (DEFAULT_PEER_URLS.containsAll(own)) {
      hints.add("forgot to set --initial-cluster flag?");
    }
    if (DEFAULT_PEER_URLS.containsAll(config.advertisedPeerUrls())) {
      hints.add("forgot to set --initial-advertise-peer-urls flag?");
    }
    hints.add("if you want to use discovery service, please set --discovery flag.");
    String pairs =
        String.join(
            ",", config.advertisedPeerUrls().stream().map(url -> name + "=" + url).toList());
    throw new StartFailure(
        "--initial-cluster must include "
            + pairs
            + " given --initial-advertise-peer-urls="
            + String.join(",", config.advertisedPeerUrls()),
        hints.toArray(String[]::new));
  }

  private void checkDuplicates() {
    Set<String> seen = new HashSet<>();
    for (Map.Entry<String, List<String>> member : config.cluster().entrySet()) {
      for (String url : member.getValue()) {
        if (!seen.add(url)) {
          throw new StartFailure("initial cluster " + pairs() + " has duplicate url");
        }
      }
    }
  }

  private String pairs() {
    return config.cluster().entrySet().stream()
        .flatMap(member -> member.getValue().stream().map(url -> member.getKey() + "=" + url))
        .sorted()
        .collect(Collectors.joining(","));
  }

  /** A member that lost its disk must not come back under its old id: it would vote twice. */
  private void checkNotBootstrapped(MemberId self) {
    neighbours
        .cluster(othersUrls(), PATIENCE)
        .flatMap(
            cluster ->
                cluster.members().stream().filter(known -> known.id().equals(self)).findFirst())
        .filter(known -> !known.clientUrls().isEmpty())
        .ifPresent(
            known -> {
              throw alreadyBootstrapped(self);
            });
  }

  static StartFailure alreadyBootstrapped(MemberId self) {
    return new StartFailure(
        "member " + self + " has already been bootstrapped",
        "its data directory was lost: remove the member and add it again"
            + " (etcdctl member remove/add), then start it with --initial-cluster-state"
            + " existing");
  }

  private List<String> othersUrls() {
    return config.cluster().entrySet().stream()
        .filter(member -> !member.getKey().equals(name))
        .flatMap(member -> member.getValue().stream())
        .toList();
  }
}
