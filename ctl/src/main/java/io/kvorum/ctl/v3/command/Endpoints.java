// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v3.client.Endpoint;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.wire.Message;
import java.util.ArrayList;
import java.util.List;

/** The endpoints that a command goes to one by one: those given, or those of all members. */
final class Endpoints {

  static final Option CLUSTER =
      Option.flag("use all endpoints from the cluster member list", "cluster");

  private Endpoints() {}

  static List<Endpoint> of(Call call) {
    if (!call.isSet(CLUSTER)) {
      return call.client().endpoints();
    }
    Message answer = call.ask(Rpc.MEMBER_LIST, MemberCommands.listRequest(false));
    List<Endpoint> endpoints = new ArrayList<>();
    for (Message member : answer.messages(MemberCommands.MEMBERS)) {
      for (String url : member.texts(MemberCommands.CLIENT_URLS)) {
        endpoints.add(call.connecting().endpoint(url));
      }
    }
    return endpoints;
  }
}
