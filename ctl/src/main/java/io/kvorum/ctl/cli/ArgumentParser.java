// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads options the way etcdctl 2.3.7 does: one or two dashes, values after {@code =} or in the
 * next argument, an end at the first positional argument or after {@code --}.
 *
 * <p>A command's arguments are rearranged first, see {@link #optionsFirst}.
 */
public final class ArgumentParser {

  private final List<Option> options;
  private final Map<String, List<String>> given = new HashMap<>();
  private final List<String> spellings = new ArrayList<>();

  private ArgumentParser(List<Option> options) {
    this.options = options;
  }

  /** Parses options up to the first positional argument; never fails, see {@link ParsedOptions}. */
  public static ParsedOptions parse(List<Option> options, List<String> arguments) {
    return new ArgumentParser(options).parse(arguments);
  }

  /**
   * Moves the positional arguments that stand before a command's first option behind its options:
   * {@code K V --ttl 5} becomes {@code --ttl 5 K V}. Everything from the first option up to a
   * {@code --} is taken as options, so positional arguments there come out first, which is why
   * {@code exec-watch} may find its key at the end.
   */
  public static List<String> optionsFirst(List<String> arguments) {
    int first = -1;
    int terminator = arguments.size();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--")) {
        terminator = i;
        break;
      }
      if (first < 0 && argument.startsWith("-") && !argument.equals("-")) {
        first = i;
      }
    }
    if (first < 0) {
      return arguments;
    }
    List<String> arranged = new ArrayList<>(arguments.subList(first, terminator));
    arranged.addAll(arguments.subList(0, first));
    arranged.addAll(arguments.subList(terminator, arguments.size()));
    return arranged;
  }

  private ParsedOptions parse(List<String> arguments) {
    int next = 0;
    boolean malformed = false;
    while (next < arguments.size() && isOption(arguments.get(next))) {
      String argument = arguments.get(next++);
      if (argument.equals("--")) {
        break;
      }
      int consumed = take(argument, arguments, next);
      if (consumed < 0) {
        malformed = true;
        break;
      }
      next += consumed;
    }
    List<String> rest = List.copyOf(arguments.subList(next, arguments.size()));
    return new ParsedOptions(given, rest, malformed, conflict());
  }

  private static boolean isOption(String argument) {
    return argument.length() > 1 && argument.charAt(0) == '-';
  }

  /** Records one option; how many further arguments its value took, or -1 when it is malformed. */
  private int take(String argument, List<String> arguments, int next) {
    String body = argument.substring(argument.startsWith("--") ? 2 : 1);
    if (body.isEmpty() || body.charAt(0) == '-' || body.charAt(0) == '=') {
      return -1;
    }
    int equals = body.indexOf('=');
    String spelling = equals < 0 ? body : body.substring(0, equals);
    Option option = find(spelling);
    if (option == null) {
      return -1;
    }
    String value;
    int consumed = 0;
    if (equals >= 0) {
      value = body.substring(equals + 1);
    } else if (option.kind() == Option.Kind.FLAG) {
      value = "true";
    } else if (next < arguments.size()) {
      value = arguments.get(next);
      consumed = 1;
    } else {
      return -1;
    }
    if (!option.accepts(value)) {
      return -1;
    }
    record(option, spelling, value);
    return consumed;
  }

  private void record(Option option, String spelling, String value) {
    List<String> values = given.get(option.name());
    if (values == null) {
      values = new ArrayList<>(1);
      given.put(option.name(), values);
    }
    values.add(value);
    spellings.add(spelling);
  }

  private @Nullable Option find(String spelling) {
    for (Option option : options) {
      if (option.names().contains(spelling)) {
        return option;
      }
    }
    return null;
  }

  private String conflict() {
    for (Option option : options) {
      String used = "";
      for (String name : option.names()) {
        if (spellings.contains(name)) {
          if (!used.isEmpty()) {
            return "Cannot use two forms of the same flag: " + name + " " + used;
          }
          used = name;
        }
      }
    }
    return "";
  }
}
