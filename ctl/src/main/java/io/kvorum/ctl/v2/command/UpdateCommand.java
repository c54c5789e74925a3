// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v2.client.KeyWrite;
import io.kvorum.ctl.v2.client.KeyWrite.Existence;
import io.kvorum.ctl.v2.client.KeysApi;

/** {@code update}: writes a key that is there. */
final class UpdateCommand implements Command {

  private static final Option TTL = Option.number("0", "key time-to-live", "ttl");

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "update", "update an existing key with a given value", "<key> <value>", TTL);
  }

  @Override
  public void run(Invocation call) {
    KeysApi keys = call.keys();
    String key = call.requiredKey();
    String value = call.requiredValue();
    KeyWrite how = KeyWrite.PLAIN.withTtl(call.local().number(TTL)).where(Existence.PRESENT);
    KeyAnswerPrinter.print(call, keys.set(key, value, how));
  }
}
