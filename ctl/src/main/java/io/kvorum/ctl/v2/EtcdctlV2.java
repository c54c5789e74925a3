// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2;

import io.kvorum.ctl.cli.ArgumentParser;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.HelpPage;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.cli.ParsedOptions;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.terminal.ExitCode;
import io.kvorum.ctl.v2.client.ApiFailure;
import io.kvorum.ctl.v2.command.Command;
import io.kvorum.ctl.v2.command.CommandGroup;
import io.kvorum.ctl.v2.command.CommandTable;
import io.kvorum.ctl.v2.command.GlobalOptions;
import io.kvorum.ctl.v2.command.Invocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * etcdctl with the v2 API, as version 2.3.7 behaves.
 *
 * <pre>
 *   etcdctl [global options] command [command options] [arguments...]
 *           parsed up to the      looked up; everything behind it belongs to the
 *           first other word      command, its options wherever they stand
 * </pre>
 *
 * Wrong usage shows a help page and is no error: the exit status is 0 (recorded behaviour of
 * 2.3.7).
 */
public final class EtcdctlV2 {

  private static final String PROGRAM = "etcdctl";
  private static final String VERSION = "2.3.7";

  private final Console console;

  public EtcdctlV2(Console console) {
    this.console = console;
  }

  /** Runs one command line, program name left out; returns the exit status. */
  public int run(List<String> arguments) {
    int code = ExitCode.SUCCESS;
    try {
      runProgram(arguments);
      console.flush();
    } catch (CommandExit e) {
      code = e.code();
      flushQuietly();
    }
    return code;
  }

  private void flushQuietly() {
    try {
      console.flush();
    } catch (CommandExit e) {
      // The reader is gone, and the exit status is settled.
    }
  }

  private void runProgram(List<String> arguments) {
    ParsedOptions globals = ArgumentParser.parse(GlobalOptions.ALL, arguments);
    if (!globals.conflict().isEmpty()) {
      console.print(globals.conflict() + "\n" + programHelp());
    } else if (globals.malformed()) {
      console.print(incorrectUsage(programHelp()));
    } else if (globals.isSet(Option.HELP)) {
      console.print(programHelp());
    } else if (globals.isSet(GlobalOptions.VERSION)) {
      console.line(PROGRAM + " version " + VERSION);
    } else if (globals.arguments().isEmpty()) {
      console.print(programHelp());
    } else {
      runNamed(globals);
    }
  }

  private void runNamed(ParsedOptions globals) {
    String name = globals.arguments().get(0);
    List<String> rest = globals.arguments().subList(1, globals.arguments().size());
    Optional<Command> command = CommandTable.command(name);
    if (command.isPresent()) {
      runCommand(PROGRAM + " " + name, command.get(), globals, rest);
      return;
    }
    Optional<CommandGroup> group = CommandTable.group(name);
    if (group.isPresent()) {
      runGroup(group.get(), globals, rest);
    } else if (CommandSpec.HELP.names().contains(name)) {
      runHelp(rest);
    } else if (CommandTable.isV3Only(name)) {
      console.errorLine(
          "etcdctl: "
              + name
              + " is a command of the v3 API: set ETCDCTL_API=3 or call bin/etcdctl3");
      throw new CommandExit(ExitCode.BAD_ARGUMENTS);
    } else {
      noHelpTopic(name);
    }
  }

  private void runHelp(List<String> topics) {
    if (topics.isEmpty()) {
      console.print(programHelp());
      return;
    }
    String topic = topics.get(0);
    Optional<CommandSpec> spec = CommandTable.spec(topic);
    if (spec.isPresent()) {
      console.print(HelpPage.ofCommand(PROGRAM + " " + topic, spec.get()));
    } else {
      noHelpTopic(topic);
    }
  }

  private void runGroup(CommandGroup group, ParsedOptions globals, List<String> arguments) {
    String path = PROGRAM + " " + group.spec().name();
    ParsedOptions local = ArgumentParser.parse(List.of(Option.HELP), arguments);
    String page = HelpPage.ofGroup(path, group.spec().usage(), group.listing());
    if (!local.conflict().isEmpty()) {
      console.print(local.conflict() + "\n\n" + page);
      return;
    }
    if (local.malformed()) {
      console.print(incorrectUsage(page));
      return;
    }
    if (local.isSet(Option.HELP) || local.arguments().isEmpty()) {
      console.print(page);
      return;
    }
    String name = local.arguments().get(0);
    List<String> rest = local.arguments().subList(1, local.arguments().size());
    Optional<Command> command = group.find(name);
    if (command.isPresent()) {
      runCommand(path + " " + name, command.get(), globals, rest);
    } else if (CommandSpec.HELP.names().contains(name)) {
      runGroupHelp(group, path, rest);
    } else {
      noHelpTopic(name);
    }
  }

  private void runGroupHelp(CommandGroup group, String path, List<String> topics) {
    if (topics.isEmpty()) {
      List<Option> options = List.of(Option.HELP);
      console.print(
          HelpPage.ofProgram(path, group.spec().usage(), VERSION, group.listing(), options));
      return;
    }
    String topic = topics.get(0);
    Optional<Command> command = group.find(topic);
    if (command.isPresent()) {
      console.print(HelpPage.ofCommand(path + " " + topic, command.get().spec()));
    } else {
      noHelpTopic(topic);
    }
  }

  private void runCommand(
      String path, Command command, ParsedOptions globals, List<String> arguments) {
    List<Option> options = new ArrayList<>(command.spec().options());
    options.add(Option.HELP);
    ParsedOptions local = ArgumentParser.parse(options, ArgumentParser.optionsFirst(arguments));
    if (local.malformed()) {
      console.print(incorrectUsage(HelpPage.ofCommand(path, command.spec())));
    } else if (!local.conflict().isEmpty()) {
      console.print(local.conflict() + "\n\n" + HelpPage.ofCommand(path, command.spec()));
    } else if (local.isSet(Option.HELP)) {
      console.print(HelpPage.ofCommand(path, command.spec()));
    } else {
      try {
        command.run(new Invocation(console, globals, local));
      } catch (ApiFailure e) {
        throw Invocation.serverError(console, ExitCode.SERVER_ERROR, e);
      }
    }
  }

  private void noHelpTopic(String name) {
    console.line("No help topic for '" + name + "'");
  }

  private static String incorrectUsage(String page) {
    return "Incorrect Usage.\n\n" + page;
  }

  private static String programHelp() {
    return HelpPage.ofProgram(
        PROGRAM,
        "A simple command line client for etcd.",
        VERSION,
        CommandTable.listing(),
        GlobalOptions.ALL);
  }
}
