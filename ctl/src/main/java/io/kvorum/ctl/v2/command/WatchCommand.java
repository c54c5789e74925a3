// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.terminal.Interrupts;
import io.kvorum.ctl.v2.client.KeyAnswer;
import io.kvorum.ctl.v2.client.KeyWatch;
import io.kvorum.ctl.v2.client.KeysApi;

/** {@code watch}: waits for one change of a key, or for all until Ctrl-C. */
final class WatchCommand implements Command {

  private static final Option FOREVER = Option.flag("forever watch a key until CTRL+C", "forever");
  private static final Option AFTER_INDEX =
      Option.number("0", "watch after the given index", "after-index");
  private static final Option RECURSIVE =
      Option.flag("returns all values for key and child keys", "recursive");

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "watch", "watch a key for changes", "<key>", FOREVER, AFTER_INDEX, RECURSIVE);
  }

  @Override
  public void run(Invocation call) {
    KeysApi keys = call.keys();
    String key = call.requiredKey();
    boolean recursive = call.isSet(RECURSIVE);
    boolean forever = call.isSet(FOREVER);
    KeyWatch watch = keys.watch(key, recursive, call.local().number(AFTER_INDEX));
    Interrupts.endSuccessfully();
    boolean shown;
    do {
      KeyAnswer change = watch.next();
      shown = !change.node().dir();
      if (shown) {
        show(call, change, recursive);
      }
    } while (forever || !shown);
  }

  private static void show(Invocation call, KeyAnswer change, boolean recursive) {
    if (recursive) {
      call.console().line("[" + change.action() + "] " + change.node().key());
    }
    KeyAnswerPrinter.print(call, change);
    call.console().flush();
  }
}
