// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.cli;

import java.util.List;

/**
 * One option of a program or command.
 *
 * @param kind what values it takes
 * @param names its spellings without dashes, the main one first
 * @param defaultText the value when it is not given; may be empty
 * @param usage its line in the help page
 */
public record Option(Kind kind, List<String> names, String defaultText, String usage) {

  /** What an option accepts. */
  public enum Kind {
    FLAG,
    TEXT,
    NUMBER,
    DURATION,
    LIST
  }

  /** {@code --help}, which every command understands and only groups list. */
  public static final Option HELP = flag("show help", "help", "h");

  public Option {
    names = List.copyOf(names);
  }

  /** A switch: stands alone or takes {@code =true|false}. */
  public static Option flag(String usage, String... names) {
    return new Option(Kind.FLAG, List.of(names), "false", usage);
  }

  /** Any text, empty by default. */
  public static Option text(String usage, String... names) {
    return text("", usage, List.of(names));
  }

  /** Any text with a default. */
  public static Option text(String defaultText, String usage, List<String> names) {
    return new Option(Kind.TEXT, names, defaultText, usage);
  }

  /** A 64-bit integer in Go's notation. */
  public static Option number(String defaultText, String usage, String... names) {
    return new Option(Kind.NUMBER, List.of(names), defaultText, usage);
  }

  /** A duration in Go's notation. */
  public static Option duration(String defaultText, String usage, String... names) {
    return new Option(Kind.DURATION, List.of(names), defaultText, usage);
  }

  /** A text that may be given several times. */
  public static Option list(String usage, String... names) {
    return new Option(Kind.LIST, List.of(names), "", usage);
  }

  /** The main name, by which the value is asked for. */
  public String name() {
    return names.get(0);
  }

  boolean accepts(String value) {
    return switch (kind) {
      case FLAG -> GoLiterals.isBoolean(value);
      case NUMBER -> GoLiterals.isNumber(value);
      case DURATION -> GoLiterals.isDuration(value);
      case TEXT, LIST -> true;
    };
  }

  /** The left column of a help page: spellings with dashes, then the default. */
  String label() {
    StringBuilder label = new StringBuilder();
    for (String each : names) {
      if (!label.isEmpty()) {
        label.append(", ");
      }
      label.append(dashed(each));
    }
    return switch (kind) {
      case FLAG -> label.toString();
      case LIST -> label + " [" + dashed(name()) + " option " + dashed(name()) + " option]";
      case TEXT, NUMBER, DURATION ->
          label + (defaultText.isEmpty() ? " " : " \"" + defaultText + "\"");
    };
  }

  private static String dashed(String name) {
    return (name.length() == 1 ? "-" : "--") + name;
  }
}
