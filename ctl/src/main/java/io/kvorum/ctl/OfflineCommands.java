// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl;

import io.kvorum.ctl.cli.Option;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The commands of etcdutl that are commands of etcdctl too, or read and print like them. */
final class OfflineCommands {

  private static final String PROGRAM = "etcdutl ";
  private static final Option HELP = Option.flag("help", "help", "h");
  private static final Option WRITE_OUT =
      Option.text("simple", "set the output format", List.of("write-out", "w"));

  private final Console console;

  OfflineCommands(Console console) {
    this.console = console;
  }

  /** The exit status; empty when the words name none of them. */
  Optional<Integer> run(List<String> arguments) {
    if (arguments.getFirst().equals("version")) {
      console.line("etcdutl version: 3.7.1");
      console.line("API version: 3.7");
      console.flush();
      return Optional.of(ExitCode.SUCCESS);
    }
    int words = arguments.getFirst().equals("snapshot") && arguments.size() > 1 ? 2 : 1;
    String path = String.join(" ", arguments.subList(0, words));
    List<String> rest = arguments.subList(words, arguments.size());
    return CommandTable.offlineCommand(path).map(command -> run(path, command, rest));
  }

  private int run(String path, Command command, List<String> arguments) {
    List<Option> options = new ArrayList<>(command.spec().options());
    options.add(WRITE_OUT);
    options.add(HELP);
    int code = ExitCode.SUCCESS;
    try {
      Flags flags = FlagParser.parse(options, arguments);
      if (flags.isSet(HELP)) {
        console.print(HelpText.ofCommand(PROGRAM + path, command.spec()));
      } else {
        command.run(new Call(console, flags));
      }
    } catch (FlagMistake e) {
      console.errorLine("Error: " + e.getMessage());
      code = ExitCode.BAD_ARGUMENTS;
    } catch (CommandExit e) {
      code = e.code();
    }
    console.flush();
    return code;
  }
}
