// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.cli;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Help pages in the sections of etcdctl 3.x. The options of the program are listed by {@code
 * options}.
 */
public final class HelpText {

  private static final String INDENT = "\t";
  private static final int TAB_WIDTH = 8;

  private final StringBuilder page = new StringBuilder();

  private HelpText() {}

  /** The page of one command. */
  public static String ofCommand(String path, CommandSpec spec) {
    HelpText help = new HelpText();
    help.head(spec.name(), spec.usage(), path + " " + spec.argumentsUsage());
    if (!spec.description().isEmpty()) {
      help.line("");
      help.line("DESCRIPTION:");
      for (String line : spec.description()) {
        help.line(INDENT + line);
      }
    }
    help.line("");
    help.options("OPTIONS:", spec.options(), spec.name());
    return help.page.toString();
  }

  /** The page of a group, or of the program with all its commands. */
  public static String ofGroup(
      String path, String usage, String synopsis, String version, List<CommandSpec> commands) {
    HelpText help = new HelpText();
    String name = path.substring(path.lastIndexOf(' ') + 1);
    help.head(name, usage, path + " " + synopsis);
    help.line("");
    help.line("API VERSION:");
    help.line(INDENT + version);
    help.line("");
    help.line("COMMANDS:");
    List<String> left = new ArrayList<>();
    List<String> right = new ArrayList<>();
    for (CommandSpec command : commands) {
      left.add(INDENT + command.name());
      right.add(command.usage());
    }
    help.columns(left, right);
    help.line("");
    help.options("OPTIONS:", List.of(), name);
    return help.page.toString();
  }

  /** A list of options under a title. */
  public static String ofOptions(String title, List<Option> options) {
    HelpText help = new HelpText();
    help.section(title, options);
    return help.page.toString();
  }

  private void head(String name, String usage, String synopsis) {
    line("NAME:");
    line(INDENT + name + " - " + usage);
    line("");
    line("USAGE:");
    line(INDENT + synopsis);
  }

  private void options(String title, List<Option> own, String name) {
    List<Option> all = new ArrayList<>(own);
    all.add(Option.flag("help for " + name, "help", "h"));
    section(title, all);
  }

  private void section(String title, List<Option> options) {
    List<Option> sorted = new ArrayList<>(options);
    sorted.sort(Comparator.comparing(Option::name));
    List<String> left = new ArrayList<>();
    List<String> right = new ArrayList<>();
    for (Option option : sorted) {
      left.add(label(option));
      right.add(option.usage());
    }
    line(title);
    columns(left, right);
  }

  private static String label(Option option) {
    String shorthand = "      ";
    for (String name : option.names()) {
      shorthand = name.length() == 1 ? "  -" + name + ", " : shorthand;
    }
    String label = shorthand + "--" + option.name();
    return switch (option.kind()) {
      case FLAG -> label + "[=" + option.defaultText() + "]";
      case NUMBER, DURATION -> label + "=" + option.defaultText();
      case LIST -> label + "=[" + option.defaultText() + "]";
      case TEXT -> label + "=\"" + option.defaultText() + "\"";
    };
  }

  private void columns(List<String> left, List<String> right) {
    int stops = 0;
    for (String cell : left) {
      stops = Math.max(stops, width(cell) / TAB_WIDTH + 1);
    }
    for (int i = 0; i < left.size(); i++) {
      String cell = left.get(i);
      line(cell + "\t".repeat(stops - width(cell) / TAB_WIDTH) + right.get(i));
    }
  }

  private static int width(String cell) {
    return cell.startsWith(INDENT) ? TAB_WIDTH + cell.length() - 1 : cell.length();
  }

  private void line(String text) {
    page.append(text).append('\n');
  }
}
