// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v3.cli.Flags;
import io.kvorum.ctl.v3.client.WatchOrder;
import java.util.List;

/**
 * What to watch and what to run at each event, from {@code [key] [range_end] [-- program...]} and
 * from the environment.
 *
 * @param program empty when nothing is to be run
 */
record WatchArguments(WatchOrder order, List<String> program) {

  static final Option INTERACTIVE = Option.flag("Interactive mode", "interactive", "i");
  static final Option PREFIX = Option.flag("Watch on a prefix if prefix is set", "prefix");
  static final Option PREVIOUS =
      Option.flag("get the previous key-value pair before the event happens", "prev-kv");
  static final Option PROGRESS =
      Option.flag("get periodic watch progress notification from server", "progress-notify");
  static final Option REVISION = Option.number("0", "Revision to start watching", "rev");

  static final CommandSpec SPEC =
      new CommandSpec(
          "watch",
          "Watches events stream on keys or prefixes",
          "[options] [key or prefix] [range_end] [--] [exec-command arg1 arg2 ...] [flags]",
          INTERACTIVE,
          PREFIX,
          PREVIOUS,
          PROGRESS,
          REVISION);

  WatchArguments {
    program = List.copyOf(program);
  }

  /** What is wrong with the arguments. */
  static final class Mistake extends Exception {
    private Mistake(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * @param keyVariable the key that the environment gives; empty for none
   * @param endVariable the end of the range that the environment gives; empty for none
   */
  static WatchArguments of(Flags flags, String keyVariable, String endVariable) throws Mistake {
    if (keyVariable.isEmpty() && !endVariable.isEmpty()) {
      throw new Mistake("bad number of arguments (found range end without key)");
    }
    List<String> all = flags.arguments();
    int separator = flags.separator();
    if (separator >= 0 && separator == all.size()) {
      throw new Mistake("bad number of arguments (found separator --, but no commands)");
    }
    List<String> keys = separator < 0 ? all : all.subList(0, separator);
    List<String> program = separator < 0 ? List.of() : all.subList(separator, all.size());
    boolean fromEnvironment = !keyVariable.isEmpty();
    if (fromEnvironment && !keys.isEmpty()) {
      throw new Mistake("bad number of arguments (found conflicting environment key)");
    }
    if (!fromEnvironment && keys.isEmpty()) {
      throw new Mistake("bad number of arguments");
    }
    String key = fromEnvironment ? keyVariable : keys.get(0);
    String end = fromEnvironment ? endVariable : keys.size() > 1 ? keys.get(1) : "";
    return new WatchArguments(order(flags, Bytes.utf8(key), Bytes.utf8(end)), program);
  }

  private static WatchOrder order(Flags flags, Bytes key, Bytes end) throws Mistake {
    boolean prefix = flags.isSet(PREFIX);
    if (prefix && !end.isEmpty()) {
      throw new Mistake("`range_end` and `--prefix` are mutually exclusive");
    }
    KeySpan span = prefix ? KeySpan.prefix(key) : new KeySpan(key, end);
    return new WatchOrder(
        span.key(),
        span.end(),
        flags.number(REVISION),
        flags.isSet(PREVIOUS),
        flags.isSet(PROGRESS),
        true);
  }
}
