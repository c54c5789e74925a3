// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3;

import io.kvorum.base.MalformedProto;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.terminal.ExitCode;
import io.kvorum.ctl.v3.cli.FlagMistake;
import io.kvorum.ctl.v3.cli.FlagParser;
import io.kvorum.ctl.v3.cli.Flags;
import io.kvorum.ctl.v3.cli.HelpText;
import io.kvorum.ctl.v3.command.Call;
import io.kvorum.ctl.v3.command.Command;
import io.kvorum.ctl.v3.command.CommandTable;
import io.kvorum.ctl.v3.command.ExitStatus;
import io.kvorum.ctl.v3.command.GlobalFlags;
import io.kvorum.ctl.v3.command.VersionCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * etcdctl with the v3 API, as version 3.7 behaves.
 *
 * <pre>
 *   etcdctl [flags] command [flags] [arguments]      flags anywhere before a "--"
 *           the first word, or the first two, name the command; the start of a name is enough
 * </pre>
 *
 * Source: recorded behaviour of 3.4.23, and that of 3.7.1 where it differs.
 */
public final class EtcdctlV3 {

  private static final String PROGRAM = "etcdctl";
  private static final String SYNOPSIS = "[flags]";
  private static final Option HELP = Option.flag("help", "help", "h");

  private final Console console;

  public EtcdctlV3(Console console) {
    this.console = console;
  }

  /** Runs one command line, program name left out; returns the exit status. */
  public int run(List<String> arguments) {
    int code = ExitCode.SUCCESS;
    try {
      runProgram(arguments);
    } catch (CommandExit e) {
      code = e.code();
    } catch (RpcFailure | MalformedProto e) {
      console.errorLine("Error: " + e.getMessage());
      code = ExitStatus.ERROR;
    }
    try {
      console.flush();
    } catch (CommandExit e) {
      code = code == ExitCode.SUCCESS ? e.code() : code;
    }
    return code;
  }

  private void runProgram(List<String> arguments) {
    int at = FlagParser.firstWord(globals(), arguments);
    if (at < 0) {
      runWithoutCommand(arguments);
      return;
    }
    String word = arguments.get(at);
    List<String> rest = without(arguments, at);
    if (word.equals("help")) {
      help(rest);
      return;
    }
    String name = only(CommandTable.matching("", word));
    Optional<Command> command = CommandTable.command(name);
    if (command.isPresent()) {
      runCommand(name, command.get(), rest);
    } else if (CommandTable.groupUsage(name).isEmpty()) {
      throw unknown(word, PROGRAM);
    } else {
      runGroup(name, rest);
    }
  }

  private void runGroup(String group, List<String> arguments) {
    int at = FlagParser.firstWord(globals(), arguments);
    String name = at < 0 ? "" : only(CommandTable.matching(group, arguments.get(at)));
    Optional<Command> command = CommandTable.command(group + " " + name);
    if (command.isPresent()) {
      runCommand(group + " " + name, command.get(), without(arguments, at));
    } else {
      // A word that is no command of the group is taken for an argument of it, and shows its page.
      parse(globals(), arguments, groupPage(group));
      console.print(groupPage(group));
    }
  }

  private void runCommand(String path, Command command, List<String> arguments) {
    List<Option> options = new ArrayList<>(command.spec().options());
    options.addAll(globals());
    String page = PROGRAM + " " + path;
    Flags flags = parse(options, arguments, HelpPages.later(page, command));
    if (flags.isSet(HELP)) {
      console.print(HelpText.ofCommand(page, command.spec()));
      return;
    }
    try (Call call = new Call(console, flags)) {
      command.run(call);
    }
  }

  private void runWithoutCommand(List<String> arguments) {
    Flags flags = parse(globals(), arguments, programPage());
    if (!flags.arguments().isEmpty()) {
      throw unknown(flags.arguments().get(0), PROGRAM);
    }
    console.print(programPage());
  }

  private void help(List<String> words) {
    if (words.isEmpty()) {
      console.print(programPage());
      return;
    }
    String name = only(CommandTable.matching("", words.get(0)));
    String path =
        words.size() > 1 ? name + " " + only(CommandTable.matching(name, words.get(1))) : name;
    Optional<Command> command = CommandTable.command(path);
    if (command.isPresent()) {
      console.print(HelpText.ofCommand(PROGRAM + " " + path, command.get().spec()));
    } else if (!CommandTable.groupUsage(name).isEmpty()) {
      console.print(groupPage(name));
    } else {
      console.errorLine("Unknown help topic [`" + String.join("` `", words) + "`]");
      console.print(programPage());
    }
  }

  private Flags parse(List<Option> options, List<String> arguments, Object page) {
    try {
      return FlagParser.parse(options, arguments);
    } catch (FlagMistake e) {
      console.print(page.toString());
      console.print("\n");
      console.error("Error: " + e.getMessage() + "\n\nError: " + e.getMessage() + "\n");
      throw new CommandExit(ExitStatus.ERROR);
    }
  }

  /** A command's page, made only when something is wrong. */
  private record HelpPages(String path, CommandSpec spec) {
    static HelpPages later(String path, Command command) {
      return new HelpPages(path, command.spec());
    }

    @Override
    public String toString() {
      return HelpText.ofCommand(path, spec);
    }
  }

  private CommandExit unknown(String word, String of) {
    String text = "Error: unknown command \"" + word + "\" for \"" + of + "\"\n";
    console.error(text + "Run '" + of + " --help' for usage.\n" + text);
    return new CommandExit(ExitStatus.ERROR);
  }

  private static List<Option> globals() {
    List<Option> globals = new ArrayList<>(GlobalFlags.ALL);
    globals.add(HELP);
    return globals;
  }

  private static String only(List<String> names) {
    return names.size() == 1 ? names.get(0) : "";
  }

  private static List<String> without(List<String> arguments, int at) {
    List<String> rest = new ArrayList<>(arguments);
    rest.remove(at);
    return rest;
  }

  private static String groupPage(String group) {
    return HelpText.ofGroup(
        PROGRAM + " " + group,
        CommandTable.groupUsage(group),
        "<subcommand> " + SYNOPSIS,
        VersionCommand.API,
        CommandTable.listing(group));
  }

  private static String programPage() {
    return HelpText.ofGroup(
        PROGRAM,
        "A simple command line client for etcd3.",
        SYNOPSIS,
        VersionCommand.API,
        CommandTable.listing(""));
  }
}
