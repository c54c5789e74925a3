// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Help pages, byte for byte in the layout of etcdctl 2.3.7: titles at the margin, content indented
 * by three spaces (also on the empty line that ends a section), columns aligned with tabs.
 */
public final class HelpPage {

  private static final int TAB_WIDTH = 8;
  private static final String INDENT = "   ";

  private final StringBuilder page = new StringBuilder();

  private HelpPage() {}

  /** The page of a whole program: of etcdctl itself, and of {@code etcdctl member help}. */
  public static String ofProgram(
      String name, String usage, String version, List<CommandSpec> commands, List<Option> options) {
    HelpPage help = new HelpPage();
    help.head(name, usage, "[global options] command [command options] [arguments...]");
    help.line(INDENT);
    help.line("VERSION:");
    help.line(INDENT + version);
    help.line(INDENT);
    help.commands(commands);
    help.options("GLOBAL OPTIONS:", options);
    return help.page.toString();
  }

  /** The page of a group of commands. */
  public static String ofGroup(String name, String usage, List<CommandSpec> commands) {
    HelpPage help = new HelpPage();
    help.head(name, usage, "command [command options] [arguments...]");
    help.line("");
    help.commands(commands);
    help.options("OPTIONS:", List.of(Option.HELP));
    return help.page.toString();
  }

  /** The page of one command, {@code name} with its group and program. */
  public static String ofCommand(String name, CommandSpec spec) {
    HelpPage help = new HelpPage();
    String arguments = spec.argumentsUsage().isEmpty() ? "[arguments...]" : spec.argumentsUsage();
    help.head(
        name, spec.usage(), (spec.options().isEmpty() ? "" : "[command options] ") + arguments);
    if (!spec.description().isEmpty()) {
      help.line("");
      help.line("DESCRIPTION:");
      for (String line : spec.description()) {
        help.line(line.isEmpty() ? "" : INDENT + line);
      }
    }
    if (!spec.options().isEmpty()) {
      help.line("");
      help.options("OPTIONS:", spec.options());
    }
    return help.page.toString();
  }

  private void head(String name, String usage, String synopsis) {
    line("NAME:");
    line(INDENT + name + " - " + usage);
    line("");
    line("USAGE:");
    line(INDENT + name + " " + synopsis);
  }

  private void commands(List<CommandSpec> commands) {
    List<String> left = new ArrayList<>();
    List<String> right = new ArrayList<>();
    for (CommandSpec command : commands) {
      left.add(String.join(", ", command.names()));
      right.add(command.usage());
    }
    line("COMMANDS:");
    columns(left, right);
  }

  private void options(String title, List<Option> options) {
    List<String> left = new ArrayList<>();
    List<String> right = new ArrayList<>();
    for (Option option : options) {
      left.add(option.label());
      right.add(option.usage());
    }
    line(title);
    columns(left, right);
  }

  /** Two columns: the first is as wide as its widest cell plus one, up to the next tab stop. */
  private void columns(List<String> left, List<String> right) {
    int stops = 0;
    for (String cell : left) {
      stops = Math.max(stops, (INDENT.length() + cell.length()) / TAB_WIDTH + 1);
    }
    for (int i = 0; i < left.size(); i++) {
      String cell = INDENT + left.get(i);
      line(cell + "\t".repeat(stops - cell.length() / TAB_WIDTH) + right.get(i));
    }
    line(INDENT);
  }

  private void line(String text) {
    page.append(text).append('\n');
  }
}
