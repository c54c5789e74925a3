// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The command line as Go's flag package reads it: one or two dashes, {@code -flag value} or {@code
 * -flag=value}, switches take a value only after {@code =}, the last of several wins.
 *
 * @param values by flag name
 * @param help whether help was asked for
 */
record CommandLine(Map<String, String> values, boolean help) {

  static CommandLine parse(FlagTable flags, String[] arguments) {
    Map<String, String> values = new HashMap<>();
    int at = 0;
    while (at < arguments.length) {
      String argument = arguments[at++];
      if (argument.length() < 2 || argument.charAt(0) != '-') {
        throw ConfigProblem.verifying("'" + argument + "' is not a valid flag");
      }
      if (argument.equals("--")) {
        break;
      }
      String word = argument.substring(argument.startsWith("--") ? 2 : 1);
      if (word.isEmpty() || word.charAt(0) == '-' || word.charAt(0) == '=') {
        throw ConfigProblem.parsing("bad flag syntax: " + argument, flags.usage());
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      if (name.equals("h") || name.equals("help")) {
        return new CommandLine(Map.of(), true);
      }
      Flag flag = find(flags, name);
      String value;
      if (equals >= 0) {
        value = word.substring(equals + 1);
      } else if (flag.kind() == Flag.Kind.SWITCH) {
        value = "true";
      } else if (at < arguments.length) {
        value = arguments[at++];
      } else {
        throw ConfigProblem.parsing("flag needs an argument: -" + name, flags.usage());
      }
      check(flags, flag, value);
      values.put(name, value);
    }
    if (at < arguments.length) {
      throw ConfigProblem.verifying("'" + arguments[at] + "' is not a valid flag");
    }
    return new CommandLine(Map.copyOf(values), false);
  }

  private static Flag find(FlagTable flags, String name) {
    return flags
        .find(name)
        .orElseThrow(
            () -> ConfigProblem.parsing("flag provided but not defined: -" + name, flags.usage()));
  }

  private static void check(FlagTable flags, Flag flag, String value) {
    Optional<String> complaint =
        flag.standing() == Flag.Standing.WORKS ? flag.complaintAbout(value) : Optional.empty();
    if (complaint.isPresent()) {
      String what = flag.kind() == Flag.Kind.SWITCH ? "invalid boolean value" : "invalid value";
      String where = flag.kind() == Flag.Kind.SWITCH ? " for -" : " for flag -";
      throw ConfigProblem.parsing(
          what + " \"" + value + "\"" + where + flag.name() + ": " + complaint.get(),
          flags.usage());
    }
  }
}
