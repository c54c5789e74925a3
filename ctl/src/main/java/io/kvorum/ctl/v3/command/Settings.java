// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.ctl.cli.GoLiterals;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.v3.cli.FlagParser;
import io.kvorum.ctl.v3.cli.Flags;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The global flags, each from the command line or from its environment variable: {@code ETCDCTL_}
 * and the name in capitals. Both at once is an error; a variable that belongs to no flag is told.
 */
final class Settings {

  private static final String PREFIX = "ETCDCTL_";

  private final Console console;
  private final Map<String, String> values = new HashMap<>();
  private final Map<String, Boolean> chosen = new HashMap<>();

  private Settings(Console console) {
    this.console = console;
  }

  /** Reads flags and environment. */
  static Settings of(Console console, Flags flags) {
    Settings settings = new Settings(console);
    for (Option option : GlobalFlags.ALL) {
      settings.take(option, flags);
    }
    settings.tellUnknown();
    if (settings.isSet(GlobalFlags.DEBUG)) {
      settings.tellAll();
    }
    return settings;
  }

  private void take(Option option, Flags flags) {
    String variable = variable(option);
    String text = console.variable(variable);
    if (flags.has(option)) {
      if (console.hasVariable(variable) && !text.isEmpty()) {
        throw fatal(
            "conflicting environment variable \""
                + variable
                + "\" is shadowed by corresponding command-line flag (either unset environment"
                + " variable or disable flag)");
      }
      put(option, flags.text(option), true);
    } else if (text.isEmpty()) {
      put(option, option.defaultText(), false);
    } else {
      String problem = FlagParser.problem(option, text);
      if (!problem.isEmpty()) {
        throw fatal("invalid value \"" + text + "\" for " + variable + ": " + problem);
      }
      put(option, text, true);
    }
  }

  private void put(Option option, String text, boolean byChoice) {
    values.put(option.name(), text);
    chosen.put(option.name(), byChoice);
  }

  private static String variable(Option option) {
    return PREFIX + option.name().toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private void tellUnknown() {
    for (String name : console.variables()) {
      if (name.startsWith(PREFIX) && !isKnown(name)) {
        console.errorLine(
            log("W", "unrecognized environment variable " + name + "=" + console.variable(name)));
      }
    }
  }

  private static boolean isKnown(String name) {
    switch (name) {
      case "ETCDCTL_API", "ETCDCTL_WATCH_KEY", "ETCDCTL_WATCH_RANGE_END" -> {
        return true;
      }
      default -> {
        for (Option option : GlobalFlags.ALL) {
          if (variable(option).equals(name)) {
            return true;
          }
        }
        return false;
      }
    }
  }

  private void tellAll() {
    StringBuilder all = new StringBuilder();
    for (Option option : GlobalFlags.ALL) {
      String text = text(option);
      String shown = option.kind() == Option.Kind.LIST ? "[" + text + "]" : text;
      all.append(variable(option)).append('=').append(shown).append('\n');
    }
    console.error(all.toString());
  }

  private CommandExit fatal(String text) {
    console.errorLine(log("C", text));
    return new CommandExit(ExitStatus.ERROR);
  }

  private static String log(String level, String text) {
    DateTimeFormatter time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
    return time.format(LocalDateTime.now()) + " " + level + " | pkg/flags: " + text;
  }

  String text(Option option) {
    return values.getOrDefault(option.name(), option.defaultText());
  }

  /** Whether somebody chose the value. */
  boolean isChosen(Option option) {
    return chosen.getOrDefault(option.name(), false);
  }

  boolean isSet(Option option) {
    return GoLiterals.isTrue(text(option));
  }

  long number(Option option) {
    return GoLiterals.number(text(option));
  }

  long durationNanos(Option option) {
    return GoLiterals.durationNanos(text(option));
  }
}
