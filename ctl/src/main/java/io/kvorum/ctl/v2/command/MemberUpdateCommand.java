// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.v2.client.ApiFailure;
import io.kvorum.ctl.v2.client.ClusterClient;
import io.kvorum.ctl.v2.client.MembersApi;
import java.util.List;

/** {@code member update}: gives a member other peer URLs. */
final class MemberUpdateCommand implements Command {

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "update", "update an existing member in the etcd cluster", "<memberID> <peerURLs>");
  }

  @Override
  public void run(Invocation call) {
    List<String> arguments = call.arguments();
    if (arguments.size() != 2) {
      throw call.failed(
          "Provide an ID and a list of comma separated peerURL"
              + " (0xabcd http://example.com,http://example1.com)");
    }
    String id = arguments.get(0);
    ClusterClient cluster = call.cluster();
    List<String> urls = PeerUrls.checked(call, Texts.split(arguments.get(1), ","));
    try {
      new MembersApi(cluster).update(id, urls, cluster.callDeadline());
    } catch (ApiFailure e) {
      throw call.failed(e.getMessage());
    }
    call.console().line("Updated member with ID " + id + " in cluster");
  }
}
