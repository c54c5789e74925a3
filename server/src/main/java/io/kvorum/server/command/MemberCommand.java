// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.MemberId;
import java.util.List;

/** A change of the membership or of what the cluster knows about a member. */
public sealed interface MemberCommand extends Command {

  /** A configuration change adding a voter or a learner; {@code name} only at bootstrap. */
  record Add(MemberId id, List<String> peerUrls, String name, boolean learner)
      implements MemberCommand {}

  /** A configuration change turning a learner into a voter. */
  record Promote(MemberId id) implements MemberCommand {}

  /** A configuration change removing a member for ever. */
  record Remove(MemberId id) implements MemberCommand {}

  /** A configuration change giving a member other peer URLs. */
  record Update(MemberId id, List<String> peerUrls) implements MemberCommand {}

  /** A member tells its name and where clients reach it; an ordinary entry. */
  record Publish(MemberId id, String name, List<String> clientUrls) implements MemberCommand {}

  /** The leader's decision on the cluster version, as {@code 3.4.0}; an ordinary entry. */
  record SetClusterVersion(String version) implements MemberCommand {}
}
