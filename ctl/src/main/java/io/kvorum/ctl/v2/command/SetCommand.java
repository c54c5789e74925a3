// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v2.client.KeyWrite;
import io.kvorum.ctl.v2.client.KeysApi;
import java.util.List;

/** {@code set}: writes a value, on condition if one is given. */
final class SetCommand implements Command {

  private static final Option TTL = Option.number("0", "key time-to-live", "ttl");
  private static final Option SWAP_WITH_VALUE = Option.text("previous value", "swap-with-value");
  private static final Option SWAP_WITH_INDEX =
      Option.number("0", "previous index", "swap-with-index");

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        List.of("set"),
        "set the value of a key",
        "<key> <value>",
        List.of(
            "Set sets the value of a key.",
            "",
            "When <value> begins with '-', <value> is interpreted as a flag.",
            "Insert '--' for workaround:",
            "",
            "$ set -- <key> <value>"),
        List.of(TTL, SWAP_WITH_VALUE, SWAP_WITH_INDEX));
  }

  @Override
  public void run(Invocation call) {
    KeysApi keys = call.keys();
    String key = call.requiredKey();
    String value = call.requiredValue();
    KeyWrite how =
        KeyWrite.PLAIN
            .withTtl(call.local().number(TTL))
            .ifPrevious(call.local().text(SWAP_WITH_VALUE), call.local().number(SWAP_WITH_INDEX));
    KeyAnswerPrinter.print(call, keys.set(key, value, how));
  }
}
