// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.v2.client.ApiFailure;
import io.kvorum.ctl.v2.client.ClusterClient;
import io.kvorum.ctl.v2.client.GoText;
import io.kvorum.ctl.v2.client.Member;
import io.kvorum.ctl.v2.client.MembersApi;
import java.util.ArrayList;
import java.util.List;

/** {@code member add}: announces a member and prints the settings it must be started with. */
final class MemberAddCommand implements Command {

  @Override
  public CommandSpec spec() {
    return new CommandSpec("add", "add a new member to the etcd cluster", "<name> <peerURL>");
  }

  @Override
  public void run(Invocation call) {
    List<String> arguments = call.arguments();
    if (arguments.size() != 2) {
      throw call.failed("Provide a name and a single member peerURL");
    }
    String name = arguments.get(0);
    ClusterClient cluster = call.cluster();
    MembersApi api = new MembersApi(cluster);
    String url = PeerUrls.checked(call, List.of(arguments.get(1))).get(0);
    Console console = call.console();
    try {
      String id = api.add(url, cluster.callDeadline()).id();
      console.line("Added member named " + name + " with ID " + id + " to cluster");
      String initial = initialCluster(api.list(cluster.callDeadline()), id, name);
      console.line("");
      console.line("ETCD_NAME=" + GoText.quoted(name));
      console.line("ETCD_INITIAL_CLUSTER=" + GoText.quoted(initial));
      console.line("ETCD_INITIAL_CLUSTER_STATE=\"existing\"");
    } catch (ApiFailure e) {
      throw call.failed(e.getMessage());
    }
  }

  /** One entry for each peer URL; the new member is the only unstarted one whose name is known. */
  private static String initialCluster(List<Member> members, String newId, String newName) {
    List<String> entries = new ArrayList<>();
    for (Member member : members) {
      String name = member.id().equals(newId) ? newName : member.name();
      for (String url : member.peerUrls()) {
        entries.add(name + "=" + url);
      }
    }
    return String.join(",", entries);
  }
}
