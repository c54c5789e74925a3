// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import java.util.List;

/** The group {@code member}. */
final class MemberCommands {

  private MemberCommands() {}

  static CommandGroup group() {
    return new CommandGroup(
        new CommandSpec("member", "member add, remove and list subcommands", ""),
        List.of(
            new MemberListCommand(),
            new MemberAddCommand(),
            new MemberRemoveCommand(),
            new MemberUpdateCommand()));
  }
}
