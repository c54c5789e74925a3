// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.server.command.MemberJson;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.Membership;
import io.kvorum.server.tree.TreeImage;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The membership as a received snapshot tells it: the nodes below {@code /0} of its tree, which is
 * where members of 3.4 and 3.5 keep it. Nobody else reads membership from there.
 */
final class MirrorReader {

  private static final Bytes MEMBERS = Bytes.utf8("/0/members");
  private static final Bytes REMOVED = Bytes.utf8("/0/removed_members");
  private static final Bytes VERSION = Bytes.utf8("/0/version");

  private MirrorReader() {}

  static Membership read(TreeImage image, MemberId clusterId, MemberId localId) {
    TreeMap<MemberId, Member> members = new TreeMap<>();
    for (Bytes name : image.names(MEMBERS)) {
      MemberId id = MemberId.parseHex(name.utf8());
      MemberJson.RaftAttributes raft =
          MemberJson.parseRaftAttributes(part(image, name, "/raftAttributes"));
      MemberJson.Attributes published =
          MemberJson.parseAttributes(part(image, name, "/attributes"));
      members.put(
          id,
          new Member(
              id, published.name(), raft.peerUrls(), published.clientUrls(), raft.learner()));
    }
    Set<MemberId> removed = new TreeSet<>();
    image.names(REMOVED).forEach(name -> removed.add(MemberId.parseHex(name.utf8())));
    Optional<String> version = image.value(VERSION).map(Bytes::utf8);
    return new Membership(clusterId, localId, members, removed, version);
  }

  private static Bytes part(TreeImage image, Bytes name, String part) {
    Bytes path = MEMBERS.concat(Bytes.utf8("/")).concat(name).concat(Bytes.utf8(part));
    return image.value(path).orElse(Bytes.utf8("{}"));
  }
}
