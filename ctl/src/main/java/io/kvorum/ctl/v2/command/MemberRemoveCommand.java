// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.ExitCode;
import io.kvorum.ctl.v2.client.ApiFailure;
import io.kvorum.ctl.v2.client.ClusterClient;
import io.kvorum.ctl.v2.client.Member;
import io.kvorum.ctl.v2.client.MembersApi;
import java.util.List;

/** {@code member remove}: removes a member by its id, which must be known. */
final class MemberRemoveCommand implements Command {

  private static final String DOCUMENTATION =
      "https://github.com/coreos/etcd/blob/master/Documentation/runtime-configuration.md"
          + "#remove-a-member";

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "remove", "remove an existing member from the etcd cluster", "<memberID>");
  }

  @Override
  public void run(Invocation call) {
    if (call.arguments().size() != 1) {
      throw call.failed("Provide a single member ID");
    }
    String id = call.arguments().get(0);
    ClusterClient cluster = call.cluster();
    MembersApi api = new MembersApi(cluster);
    Deadline deadline = cluster.callDeadline();
    if (!isKnown(call, list(call, api, deadline), id)) {
      throw call.failed("Couldn't find a member in the cluster with an ID of " + id + ".");
    }
    try {
      api.remove(id, deadline);
    } catch (ApiFailure e) {
      call.console()
          .error("Received an error trying to remove member " + id + ": " + e.getMessage());
      throw new CommandExit(ExitCode.BAD_ARGUMENTS);
    }
    call.console().line("Removed member " + id + " from cluster");
  }

  private static List<Member> list(Invocation call, MembersApi api, Deadline deadline) {
    try {
      return api.list(deadline);
    } catch (ApiFailure e) {
      throw call.failed("Error while verifying ID against known members: " + e.getMessage());
    }
  }

  /** Whether there is a member with this id; points at the id of one with this name. */
  private static boolean isKnown(Invocation call, List<Member> members, String id) {
    boolean known = false;
    for (Member member : members) {
      known |= member.id().equals(id);
      if (member.name().equals(id)) {
        call.console()
            .error(
                "Found a member named "
                    + member.name()
                    + "; if this is correct, please use its ID, eg:\n\tetcdctl member remove "
                    + member.id()
                    + "\nFor more details, read the documentation at "
                    + DOCUMENTATION
                    + "\n\n");
      }
    }
    return known;
  }
}
