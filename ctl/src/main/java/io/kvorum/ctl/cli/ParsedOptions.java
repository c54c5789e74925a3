// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.cli;

import java.util.List;
import java.util.Map;

/**
 * What an argument list said: option values, positional arguments, and what was wrong with it.
 *
 * @param given values by main option name, in the order given; options not given are absent
 * @param arguments the positional arguments
 * @param malformed an unknown option, a missing or an unreadable value
 * @param conflict two spellings of one option together, in etcdctl's words; empty when there are
 *     none
 */
public record ParsedOptions(
    Map<String, List<String>> given, List<String> arguments, boolean malformed, String conflict) {

  /** The last value given for an option, or its default. */
  public String text(Option option) {
    List<String> values = given.get(option.name());
    return values == null ? option.defaultText() : values.get(values.size() - 1);
  }

  /** Whether a switch is on. */
  public boolean isSet(Option option) {
    return GoLiterals.isTrue(text(option));
  }

  /** The value of a number option. */
  public long number(Option option) {
    return GoLiterals.number(text(option));
  }

  /** The value of a duration option in nanoseconds. */
  public long durationNanos(Option option) {
    return GoLiterals.durationNanos(text(option));
  }
}
