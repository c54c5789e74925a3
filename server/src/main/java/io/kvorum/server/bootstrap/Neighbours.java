// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.Bytes;
import io.kvorum.base.JsonReader;
import io.kvorum.base.MalformedJson;
import io.kvorum.base.MemberId;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.WholeMember;
import io.kvorum.server.transport.peer.PeerDirectory;
import io.kvorum.server.transport.peer.PeerDirectory.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the other members say about the cluster, for one that has no log yet. Blocks. */
record Neighbours(PeerDirectory directory) {

  /** A cluster as one of its members knows it. */
  record Cluster(MemberId id, List<Member> members) {

    /** In the words of 2.3.7, for its error texts. */
    String told() {
      return "{ClusterID:"
          + id
          + " Members:["
          + String.join(" ", members.stream().map(Cluster::told).toList())
          + "] RemovedMemberIDs:[]}";
    }

    private static String told(Member member) {
      return "&{ID:"
          + member.id()
          + " RaftAttributes:{PeerURLs:["
          + String.join(" ", member.peerUrls())
          + "]} Attributes:{Name:"
          + member.name()
          + " ClientURLs:["
          + String.join(" ", member.clientUrls())
          + "]}}";
    }
  }

  /** The cluster as the first of {@code urls} with a usable answer tells it. */
  Optional<Cluster> cluster(List<String> urls, Duration patience) {
    for (String url : urls) {
      Optional<Cluster> told =
          directory.ask(List.of(url), "/members", patience).join().flatMap(Neighbours::read);
      if (told.isPresent()) {
        return told;
      }
    }
    return Optional.empty();
  }

  /** The cluster versions that those of {@code members} tell who answer and know one. */
  List<String> clusterVersions(List<Member> members, Duration patience) {
    List<CompletableFuture<Optional<Answer>>> asked =
        members.stream()
            .map(member -> directory.ask(member.peerUrls(), "/version", patience))
            .toList();
    return asked.stream().flatMap(answer -> answer.join().stream()).toList().stream()
        .flatMap(answer -> ReleaseJson.cluster(answer).stream())
        .toList();
  }

  private static Optional<Cluster> read(Answer answer) {
    if (answer.cluster().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Cluster(answer.cluster().get(), readMembers(answer.body())));
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
