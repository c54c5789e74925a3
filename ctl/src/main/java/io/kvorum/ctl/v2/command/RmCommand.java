// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v2.client.KeyAnswer;
import io.kvorum.ctl.v2.client.KeyWrite;
import io.kvorum.ctl.v2.client.KeysApi;

/** {@code rm}: deletes a key or directory, on condition if one is given. */
final class RmCommand implements Command {

  private static final Option DIR =
      Option.flag("removes the key if it is an empty directory or a key-value pair", "dir");
  private static final Option RECURSIVE =
      Option.flag("removes the key and all child keys(if it is a directory)", "recursive");
  private static final Option WITH_VALUE = Option.text("previous value", "with-value");
  private static final Option WITH_INDEX = Option.number("0", "previous index", "with-index");

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "rm", "remove a key or a directory", "<key>", DIR, RECURSIVE, WITH_VALUE, WITH_INDEX);
  }

  @Override
  public void run(Invocation call) {
    KeysApi keys = call.keys();
    String key = call.requiredKey();
    KeyWrite condition =
        KeyWrite.PLAIN.ifPrevious(call.local().text(WITH_VALUE), call.local().number(WITH_INDEX));
    printUnlessDirectory(call, keys.delete(key, call.isSet(DIR), call.isSet(RECURSIVE), condition));
  }

  static void printUnlessDirectory(Invocation call, KeyAnswer answer) {
    if (!answer.node().dir()) {
      KeyAnswerPrinter.print(call, answer);
    }
  }
}
