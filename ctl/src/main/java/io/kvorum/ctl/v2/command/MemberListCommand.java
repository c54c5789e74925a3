// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.v2.client.ApiFailure;
import io.kvorum.ctl.v2.client.ClusterClient;
import io.kvorum.ctl.v2.client.Member;
import io.kvorum.ctl.v2.client.MembersApi;
import java.util.List;

/** {@code member list}: one line for each member; nothing at all when the leader is not known. */
final class MemberListCommand implements Command {

  @Override
  public CommandSpec spec() {
    return new CommandSpec("list", "enumerate existing cluster members", CommandSpec.NO_ARGUMENTS);
  }

  @Override
  public void run(Invocation call) {
    if (!call.arguments().isEmpty()) {
      throw call.failed("No arguments accepted");
    }
    ClusterClient cluster = call.cluster();
    MembersApi api = new MembersApi(cluster);
    Deadline deadline = cluster.callDeadline();
    List<Member> members = list(call, api, deadline);
    String leader = leader(call, api, deadline);
    for (Member member : members) {
      call.console().line(line(member, leader));
    }
  }

  private static List<Member> list(Invocation call, MembersApi api, Deadline deadline) {
    try {
      return api.list(deadline);
    } catch (ApiFailure e) {
      throw call.failed(e.getMessage());
    }
  }

  private static String leader(Invocation call, MembersApi api, Deadline deadline) {
    try {
      return api.leader(deadline).id();
    } catch (ApiFailure e) {
      throw call.failed("Failed to get leader:  " + e.getMessage());
    }
  }

  private static String line(Member member, String leader) {
    String peerUrls = "peerURLs=" + String.join(",", member.peerUrls());
    if (member.name().isEmpty()) {
      return member.id() + "[unstarted]: " + peerUrls;
    }
    String clientUrls = "clientURLs=" + String.join(",", member.clientUrls());
    String isLeader = "isLeader=" + member.id().equals(leader);
    return member.id()
        + ": name="
        + member.name()
        + " "
        + peerUrls
        + " "
        + clientUrls
        + " "
        + isLeader;
  }
}
