// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Commands under one name, such as {@code member}.
 *
 * @param spec how the group is called
 * @param commands in the order of its help page
 */
public record CommandGroup(CommandSpec spec, List<Command> commands) {

  public CommandGroup {
    commands = List.copyOf(commands);
  }

  /** The command with a name. */
  public Optional<Command> find(String name) {
    for (Command command : commands) {
      if (command.spec().names().contains(name)) {
        return Optional.of(command);
      }
    }
    return Optional.empty();
  }

  /** What its help page lists, {@code help} at the end. */
  public List<CommandSpec> listing() {
    List<CommandSpec> listing = new ArrayList<>();
    for (Command command : commands) {
      listing.add(command.spec());
    }
    listing.add(CommandSpec.HELP);
    return listing;
  }
}
