// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.MemberId;
import io.kvorum.server.member.Member;
import java.util.List;

/**
 * A member as clients see it.
 *
 * @param name empty until it has started once
 */
public record MemberEntry(
    MemberId id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {

  static MemberEntry of(Member member) {
    return new MemberEntry(
        member.id(), member.name(), member.peerUrls(), member.clientUrls(), member.learner());
  }
}
