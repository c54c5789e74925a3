// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v2.client.KeyAnswer;
import io.kvorum.ctl.v2.client.KeyWrite;
import io.kvorum.ctl.v2.client.KeyWrite.Existence;
import io.kvorum.ctl.v2.client.KeysApi;

/** {@code mk}: writes a key that is not there yet, or the next in-order key of a directory. */
final class MkCommand implements Command {

  private static final Option IN_ORDER =
      Option.flag("create in-order key under directory <key>", "in-order");
  private static final Option TTL = Option.number("0", "key time-to-live", "ttl");

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "mk", "make a new key with a given value", "<key> <value>", IN_ORDER, TTL);
  }

  @Override
  public void run(Invocation call) {
    KeysApi keys = call.keys();
    String key = call.requiredKey();
    String value = call.requiredValue();
    long ttl = call.local().number(TTL);
    KeyAnswer answer =
        call.isSet(IN_ORDER)
            ? keys.addInOrder(key, value, ttl)
            : keys.set(key, value, KeyWrite.PLAIN.withTtl(ttl).where(Existence.MISSING));
    KeyAnswerPrinter.print(call, answer);
  }
}
