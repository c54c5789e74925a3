// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.cli.ParsedOptions;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.terminal.ExitCode;
import io.kvorum.ctl.v2.client.ApiFailure;
import io.kvorum.ctl.v2.client.ClusterClient;
import io.kvorum.ctl.v2.client.KeysApi;
import java.util.List;

/**
 * One call of a command: what was given, and where to say the result.
 *
 * @param globals the options before the command
 * @param local the command's own options and arguments
 */
public record Invocation(Console console, ParsedOptions globals, ParsedOptions local) {

  List<String> arguments() {
    return local.arguments();
  }

  boolean isSet(Option option) {
    return local.isSet(option);
  }

  /** The cluster, its endpoints synchronised unless {@code --no-sync} forbids it. */
  ClusterClient cluster() {
    return Connecting.synchronised(console, globals);
  }

  /** The keys of the cluster; synchronising fails before any argument is looked at. */
  KeysApi keys() {
    return new KeysApi(cluster());
  }

  /** The first argument. */
  String requiredKey() {
    if (arguments().isEmpty()) {
      throw badArguments("key required");
    }
    return arguments().get(0);
  }

  /** The second argument, or all of standard input, as it is, when there is none. */
  String requiredValue() {
    if (arguments().size() > 1) {
      return arguments().get(1);
    }
    String value = console.readAll();
    if (value.isEmpty()) {
      throw badArguments("value required");
    }
    return value;
  }

  /** Says that the arguments are wrong, in the form of the keys commands. */
  CommandExit badArguments(String reason) {
    console.errorLine("Error:  " + reason);
    return new CommandExit(ExitCode.BAD_ARGUMENTS);
  }

  /** Says why the command fails, in the plain form of the member commands. */
  CommandExit failed(String reason) {
    console.errorLine(reason);
    return new CommandExit(ExitCode.BAD_ARGUMENTS);
  }

  /** Says what the server or cluster answered: its text, then what each endpoint said. */
  public static CommandExit serverError(Console console, int code, ApiFailure failure) {
    StringBuilder text = new StringBuilder("Error:  ").append(failure.getMessage()).append('\n');
    List<String> details = failure.details();
    for (int i = 0; i < details.size(); i++) {
      text.append("error #").append(i).append(": ").append(details.get(i)).append('\n');
    }
    if (!details.isEmpty()) {
      text.append('\n');
    }
    console.error(text.toString());
    return new CommandExit(code);
  }
}
