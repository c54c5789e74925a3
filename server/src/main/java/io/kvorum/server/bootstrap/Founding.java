// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.Bytes;
import io.kvorum.base.JsonReader;
import io.kvorum.base.MalformedJson;
import io.kvorum.base.MemberId;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.MemberIds;
import io.kvorum.server.member.WholeMember;
import io.kvorum.server.transport.peer.PeerDirectory;
import io.kvorum.server.transport.peer.PeerDirectory.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a member without a log finds out who it is: the static bootstrap of etcd, state {@code new}
 * or {@code existing}. Nothing on disk changes here.
 */
final class Founding {

  private static final Duration NEW_PATIENCE = Duration.ofSeconds(1);
  private static final Duration EXISTING_PATIENCE = Duration.ofSeconds(10);
  private static final Set<String> DEFAULT_PEER_URLS =
      Set.of("http://localhost:2380", "http://localhost:7001");

  private final String name;
  private final MemberConfig.Founding config;
  private final PeerDirectory directory;

  Founding(String name, MemberConfig.Founding config, PeerDirectory directory) {
    this.name = name;
    this.config = config;
    this.directory = directory;
  }

  Identity identify() {
    if (!config.cluster().containsKey(name)) {
      throw new StartFailure(
          "couldn't find local name \"" + name + "\" in the initial cluster configuration");
    }
    return config.existing() ? join() : found();
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
          throw new StartFailure(
              "initial cluster " + config.cluster() + " has duplicate url " + url);
        }
      }
    }
  }

  /** A member that lost its disk must not come back under its old id: it would vote twice. */
  private void checkNotBootstrapped(MemberId self) {
    List<String> others = othersUrls();
    if (others.isEmpty()) {
      return;
    }
    for (Member known : ask(others, NEW_PATIENCE).map(Found::members).orElse(List.of())) {
      if (known.id().equals(self) && !known.clientUrls().isEmpty()) {
        throw new StartFailure(
            "member " + self + " has already been bootstrapped",
            "its data directory was lost: remove the member and add it again"
                + " (etcdctl member remove/add), then start it with --initial-cluster-state"
                + " existing");
      }
    }
  }

  // --- a cluster that exists ---

  private Identity join() {
    checkDuplicates();
    Found found =
        ask(othersUrls(), EXISTING_PATIENCE)
            .orElseThrow(
                () ->
                    new StartFailure(
                        "cannot fetch cluster info from peer urls: could not retrieve cluster"
                            + " information from the given urls"));
    Member self = match(found);
    return new Identity(self.id(), found.cluster(), List.of());
  }

  /** Pairs the configured members with the real ones by their first peer URL. */
  private Member match(Found found) {
    List<Member> real = sorted(found.members());
    List<Member> configured = new ArrayList<>();
    config
        .cluster()
        .forEach(
            (member, urls) ->
                configured.add(new Member(MemberId.NONE, member, urls, List.of(), false)));
    List<Member> wanted = sorted(configured);
    if (real.size() != wanted.size()) {
      throw invalid(found, "member count is unequal");
    }
    Optional<Member> self = Optional.empty();
    for (int i = 0; i < real.size(); i++) {
      if (!real.get(i).peerUrls().equals(wanted.get(i).peerUrls())) {
        throw invalid(found, "unmatched member while checking PeerURLs");
      }
      if (wanted.get(i).name().equals(name)) {
        self = Optional.of(real.get(i));
      }
    }
    return self.orElseThrow(() -> invalid(found, "unmatched member while checking PeerURLs"));
  }

  private static List<Member> sorted(List<Member> members) {
    return members.stream()
        .sorted(
            Comparator.comparing(
                (Member member) -> member.peerUrls().stream().findFirst().orElse("")))
        .toList();
  }

  private static StartFailure invalid(Found found, String problem) {
    return new StartFailure(
        "error validating peerURLs {ClusterID:"
            + found.cluster()
            + " Members:"
            + found.members().stream().map(member -> member.id() + "=" + member.peerUrls()).toList()
            + " RemovedMemberIDs:[]}: "
            + problem,
        "--initial-cluster must list every member of the running cluster, this one included");
  }

  // --- asking ---

  private record Found(MemberId cluster, List<Member> members) {}

  private List<String> othersUrls() {
    return config.cluster().entrySet().stream()
        .filter(member -> !member.getKey().equals(name))
        .flatMap(member -> member.getValue().stream())
        .toList();
  }

  private Optional<Found> ask(List<String> urls, Duration patience) {
    return directory.ask(urls, "/members", patience).join().flatMap(Founding::read);
  }

  private static Optional<Found> read(Answer answer) {
    if (answer.cluster().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Found(answer.cluster().get(), readMembers(answer.body())));
    } catch (MalformedJson malformed) {
      return Optional.empty();
    }
  }

  private static List<Member> readMembers(Bytes body) {
    JsonReader json = new JsonReader(body);
    List<Member> members = new ArrayList<>();
    json.beginArray();
    while (json.nextElement()) {
      members.add(WholeMember.read(json));
    }
    return members;
  }
}
