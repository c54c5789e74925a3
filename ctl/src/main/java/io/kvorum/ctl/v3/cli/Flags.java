// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.cli;

import io.kvorum.ctl.cli.GoLiterals;
import io.kvorum.ctl.cli.Option;
import java.util.List;
import java.util.Map;

/**
 * What a command line said.
 *
 * @param given values by main option name, in the order given; options not given are absent
 * @param arguments what is no flag, in order, without the {@code --}
 * @param separator how many of the arguments stand before the {@code --}; -1 without one
 */
public record Flags(Map<String, List<String>> given, List<String> arguments, int separator) {

  public Flags {
    given = Map.copyOf(given);
    arguments = List.copyOf(arguments);
  }

  public boolean has(Option option) {
    return given.containsKey(option.name());
  }

  /** The last value given for an option, or its default. */
  public String text(Option option) {
    List<String> values = given.get(option.name());
    return values == null ? option.defaultText() : values.get(values.size() - 1);
  }

  public boolean isSet(Option option) {
    return GoLiterals.isTrue(text(option));
  }

  public long number(Option option) {
    return GoLiterals.number(text(option));
  }

  public long durationNanos(Option option) {
    return GoLiterals.durationNanos(text(option));
  }
}
