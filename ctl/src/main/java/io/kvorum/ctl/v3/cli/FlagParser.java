// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.cli;

import io.kvorum.ctl.cli.GoLiterals;
import io.kvorum.ctl.cli.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads flags the way etcdctl v3 does: anywhere before a {@code --}, {@code --x=v} or {@code --x
 * v}, short ones alone, in a row, or with their value behind them. An option's names of one letter
 * are its short ones.
 */
public final class FlagParser {

  private final List<Option> options;
  private final List<String> source;
  private final Map<String, List<String>> given = new HashMap<>();
  private final List<String> arguments = new ArrayList<>();
  private int next;

  private FlagParser(List<Option> options, List<String> source) {
    this.options = options;
    this.source = source;
  }

  /** Reads a command line. */
  public static Flags parse(List<Option> options, List<String> source) throws FlagMistake {
    return new FlagParser(options, source).parse();
  }

  /**
   * Where the command's name stands: the first argument that is neither a flag nor, as far as the
   * options tell, the value of one. -1 when there is none.
   */
  public static int firstWord(List<Option> options, List<String> source) {
    for (int i = 0; i < source.size(); i++) {
      String argument = source.get(i);
      if (argument.equals("--")) {
        return -1;
      }
      if (argument.length() < 2 || argument.charAt(0) != '-') {
        return argument.isEmpty() ? -1 : i;
      }
      boolean isLong = argument.startsWith("--");
      if (argument.indexOf('=') < 0 && (isLong || argument.length() == 2)) {
        Option option = find(options, argument.substring(isLong ? 2 : 1));
        i += option != null && option.kind() == Option.Kind.FLAG ? 0 : 1;
      }
    }
    return -1;
  }

  private Flags parse() throws FlagMistake {
    int separator = -1;
    while (next < source.size()) {
      String argument = source.get(next++);
      if (argument.equals("--")) {
        separator = arguments.size();
        arguments.addAll(source.subList(next, source.size()));
        break;
      }
      if (argument.length() < 2 || argument.charAt(0) != '-') {
        arguments.add(argument);
      } else if (argument.startsWith("--")) {
        longFlag(argument);
      } else {
        shortFlags(argument.substring(1));
      }
    }
    return new Flags(given, arguments, separator);
  }

  private void longFlag(String argument) throws FlagMistake {
    int equals = argument.indexOf('=');
    String name = argument.substring(2, equals < 0 ? argument.length() : equals);
    if (name.isEmpty() || name.charAt(0) == '-') {
      throw new FlagMistake("bad flag syntax: " + argument);
    }
    Option option = name.length() == 1 ? null : find(options, name);
    if (option == null) {
      throw new FlagMistake("unknown flag: --" + name);
    }
    if (equals >= 0) {
      take(option, argument.substring(equals + 1));
    } else if (option.kind() == Option.Kind.FLAG) {
      take(option, "true");
    } else if (next < source.size()) {
      take(option, source.get(next++));
    } else {
      throw new FlagMistake("flag needs an argument: --" + name);
    }
  }

  private void shortFlags(String letters) throws FlagMistake {
    for (int i = 0; i < letters.length(); i++) {
      String letter = letters.substring(i, i + 1);
      Option option = find(options, letter);
      if (option == null) {
        throw new FlagMistake("unknown shorthand flag: '" + letter + "' in -" + letters);
      }
      String rest = letters.substring(i + 1);
      if (rest.startsWith("=")) {
        take(option, rest.substring(1));
        return;
      }
      if (option.kind() == Option.Kind.FLAG) {
        take(option, "true");
        continue;
      }
      if (rest.isEmpty() && next == source.size()) {
        throw new FlagMistake("flag needs an argument: '" + letter + "' in -" + letters);
      }
      take(option, rest.isEmpty() ? source.get(next++) : rest);
      return;
    }
  }

  private void take(Option option, String value) throws FlagMistake {
    String problem = problem(option, value);
    if (!problem.isEmpty()) {
      throw new FlagMistake(
          "invalid argument \"" + value + "\" for \"" + label(option) + "\" flag: " + problem);
    }
    List<String> values = given.get(option.name());
    if (values == null) {
      values = new ArrayList<>(1);
      given.put(option.name(), values);
    }
    values.add(value);
  }

  /** What is wrong with a value, as Go says it; empty when nothing is. */
  public static String problem(Option option, String value) {
    return switch (option.kind()) {
      case FLAG ->
          GoLiterals.isBoolean(value)
              ? ""
              : "strconv.ParseBool: parsing \"" + value + "\": invalid syntax";
      case NUMBER -> {
        try {
          long unused = GoLiterals.number(value);
          yield "";
        } catch (NumberFormatException e) {
          yield "strconv.ParseInt: parsing \"" + value + "\": invalid syntax";
        }
      }
      case DURATION -> {
        try {
          long unused = GoLiterals.durationNanos(value);
          yield "";
        } catch (NumberFormatException e) {
          yield "time: invalid duration \"" + value + "\"";
        }
      }
      case TEXT, LIST -> "";
    };
  }

  private static String label(Option option) {
    String label = "--" + option.name();
    for (String name : option.names()) {
      label = name.length() == 1 ? "-" + name + ", " + label : label;
    }
    return label;
  }

  private static @Nullable Option find(List<Option> options, String name) {
    for (Option option : options) {
      if (option.names().contains(name)) {
        return option;
      }
    }
    return null;
  }
}
