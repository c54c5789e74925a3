// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.ExitCode;
import io.kvorum.ctl.v2.client.ClusterClient;
import io.kvorum.ctl.v2.client.KeyAnswer;
import io.kvorum.ctl.v2.client.KeysApi;
import io.kvorum.ctl.v2.client.ServerRefusal;

/** {@code get}: one key's value. */
final class GetCommand implements Command {

  private static final Option SORT = Option.flag("returns result in sorted order", "sort");
  private static final Option QUORUM = Option.flag("require quorum for get request", "quorum");

  private static final String KEY_NOT_FOUND = "100: ";

  @Override
  public CommandSpec spec() {
    return new CommandSpec("get", "retrieve the value of a key", "<key>", SORT, QUORUM);
  }

  @Override
  public void run(Invocation call) {
    ClusterClient cluster = call.cluster();
    String key = call.requiredKey();
    KeyAnswer answer = read(call, cluster, key);
    if (answer.node().dir()) {
      throw call.failed(answer.node().key() + ": is a directory");
    }
    KeyAnswerPrinter.print(call, answer);
  }

  private static KeyAnswer read(Invocation call, ClusterClient cluster, String key) {
    try {
      return new KeysApi(cluster).get(key, call.isSet(QUORUM), false, call.isSet(SORT));
    } catch (ServerRefusal refusal) {
      if (!refusal.getMessage().startsWith(KEY_NOT_FOUND)) {
        throw refusal;
      }
      CommandExit exit = Invocation.serverError(call.console(), ExitCode.SERVER_ERROR, refusal);
      V3Hint.tellIfThere(call, cluster.endpoints(), key);
      throw exit;
    }
  }
}
