// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.terminal.ChildProgram;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.ExitCode;
import io.kvorum.ctl.terminal.Interrupts;
import io.kvorum.ctl.v2.client.KeyAnswer;
import io.kvorum.ctl.v2.client.KeyNode;
import io.kvorum.ctl.v2.client.KeyWatch;
import io.kvorum.ctl.v2.client.KeysApi;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code exec-watch}: runs a program for every change of a key, until Ctrl-C. */
final class ExecWatchCommand implements Command {

  private static final Option AFTER_INDEX =
      Option.number("0", "watch after the given index", "after-index");
  private static final Option RECURSIVE =
      Option.flag("watch all values for key and child keys", "recursive");

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "exec-watch",
        "watch a key for changes and exec an executable",
        "<key> <command> [args...]",
        AFTER_INDEX,
        RECURSIVE);
  }

  @Override
  public void run(Invocation call) {
    KeysApi keys = call.keys();
    List<String> arguments = call.arguments();
    // Parsing leaves the key in front only when a "--" protects the program's own arguments.
    boolean separated = arguments.lastIndexOf("--") > 0;
    if (arguments.size() < (separated ? 3 : 2)) {
      throw call.badArguments("key and command to exec required");
    }
    int last = arguments.size() - 1;
    String key = arguments.get(separated ? 0 : last);
    List<String> program = separated ? arguments.subList(2, last + 1) : arguments.subList(0, last);
    long afterIndex = call.local().number(AFTER_INDEX);
    // One more than "watch" adds: 2.3.7 counts twice.
    KeyWatch watch = keys.watch(key, call.isSet(RECURSIVE), afterIndex == 0 ? 0 : afterIndex + 1);
    Interrupts.endSuccessfully();
    for (; ; ) {
      KeyAnswer change = watch.next();
      if (change.node().dir()) {
        call.console().error("Ignored dir " + change.node().key() + " change");
      } else {
        start(call, program, variables(change));
      }
    }
  }

  private static void start(Invocation call, List<String> program, Map<String, String> variables) {
    try {
      Process unused = ChildProgram.start(call.console(), program, variables);
    } catch (ChildProgram.NotStarted e) {
      call.console().error(String.valueOf(e.getMessage()));
      throw new CommandExit(ExitCode.BAD_ARGUMENTS);
    }
  }

  private static Map<String, String> variables(KeyAnswer change) {
    KeyNode node = change.node();
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("ETCD_WATCH_ACTION", change.action());
    variables.put("ETCD_WATCH_MODIFIED_INDEX", Long.toUnsignedString(node.modifiedIndex()));
    variables.put("ETCD_WATCH_KEY", node.key());
    variables.put("ETCD_WATCH_VALUE", node.value());
    return variables;
  }
}
