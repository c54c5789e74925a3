// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.v2.client.KeyWrite;
import io.kvorum.ctl.v2.client.KeysApi;

/** {@code rmdir}: deletes an empty directory or a key. */
final class RmdirCommand implements Command {

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "rmdir", "removes the key if it is an empty directory or a key-value pair", "<key>");
  }

  @Override
  public void run(Invocation call) {
    KeysApi keys = call.keys();
    String key = call.requiredKey();
    RmCommand.printUnlessDirectory(call, keys.delete(key, true, false, KeyWrite.PLAIN));
  }
}
