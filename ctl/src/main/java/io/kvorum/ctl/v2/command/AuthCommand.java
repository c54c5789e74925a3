// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.v2.client.ApiFailure;
import io.kvorum.ctl.v2.client.ClusterClient;
import io.kvorum.ctl.v2.client.UsersApi;
import java.util.List;

/** The commands of {@code auth}: on and off. */
record AuthCommand(CommandSpec spec) implements Command {

  static CommandGroup group() {
    return new CommandGroup(
        new CommandSpec("auth", "overall auth controls", ""),
        List.of(
            command("enable", "enable auth access controls"),
            command("disable", "disable auth access controls")));
  }

  private static Command command(String name, String usage) {
    return new AuthCommand(new CommandSpec(name, usage, CommandSpec.NO_ARGUMENTS));
  }

  @Override
  public void run(Invocation call) {
    if (!call.arguments().isEmpty()) {
      throw call.failed("No arguments accepted");
    }
    ClusterClient cluster = call.cluster();
    UsersApi api = new UsersApi(cluster);
    try {
      if (spec.name().equals("enable")) {
        api.enable(cluster.callDeadline());
        call.console().line("Authentication Enabled");
      } else {
        api.disable(cluster.callDeadline());
        call.console().line("Authentication Disabled");
      }
    } catch (ApiFailure e) {
      throw call.failed(e.getMessage());
    }
  }
}
