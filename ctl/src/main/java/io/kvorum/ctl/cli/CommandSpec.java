// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.cli;

import java.util.List;

/**
 * What a command looks like from outside.
 *
 * @param names its names, the main one first; a sub-command's without its group
 * @param usage one line that says what it does
 * @param argumentsUsage how its arguments are shown; empty for the general form
 * @param description further help, one string for each line; mostly none
 * @param options its own options, {@code --help} not among them
 */
public record CommandSpec(
    List<String> names,
    String usage,
    String argumentsUsage,
    List<String> description,
    List<Option> options) {

  /** How a command that takes no arguments shows them. */
  public static final String NO_ARGUMENTS = " ";

  /** The entry that every list of commands ends with. */
  public static final CommandSpec HELP =
      new CommandSpec(
          List.of("help", "h"),
          "Shows a list of commands or help for one command",
          "[command]",
          List.of(),
          List.of());

  public CommandSpec {
    names = List.copyOf(names);
    description = List.copyOf(description);
    options = List.copyOf(options);
  }

  /** A command with one name and no description. */
  public CommandSpec(String name, String usage, String argumentsUsage, Option... options) {
    this(List.of(name), usage, argumentsUsage, List.of(), List.of(options));
  }

  /** The main name. */
  public String name() {
    return names.get(0);
  }
}
