// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v2.client.KeyAnswer;
import io.kvorum.ctl.v2.client.KeysApi;

/** {@code get}: one key's value. */
final class GetCommand implements Command {

  private static final Option SORT = Option.flag("returns result in sorted order", "sort");
  private static final Option QUORUM = Option.flag("require quorum for get request", "quorum");

  @Override
  public CommandSpec spec() {
    return new CommandSpec("get", "retrieve the value of a key", "<key>", SORT, QUORUM);
  }

  @Override
  public void run(Invocation call) {
    KeysApi keys = call.keys();
    String key = call.requiredKey();
    KeyAnswer answer = keys.get(key, call.isSet(QUORUM), false, call.isSet(SORT));
    if (answer.node().dir()) {
      throw call.failed(answer.node().key() + ": is a directory");
    }
    KeyAnswerPrinter.print(call, answer);
  }
}
