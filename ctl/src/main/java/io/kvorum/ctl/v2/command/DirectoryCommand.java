// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v2.client.KeyWrite;
import io.kvorum.ctl.v2.client.KeyWrite.Existence;
import io.kvorum.ctl.v2.client.KeysApi;

/**
 * {@code mkdir}, {@code setdir}, {@code updatedir}: one request that differs in what it demands of
 * the directory's existence. They print nothing.
 */
final class DirectoryCommand implements Command {

  private static final Option TTL = Option.number("0", "key time-to-live", "ttl");

  private final CommandSpec spec;
  private final Existence existence;

  private DirectoryCommand(CommandSpec spec, Existence existence) {
    this.spec = spec;
    this.existence = existence;
  }

  static DirectoryCommand mkdir() {
    return new DirectoryCommand(
        new CommandSpec("mkdir", "make a new directory", "<key>", TTL), Existence.MISSING);
  }

  static DirectoryCommand setdir() {
    return new DirectoryCommand(
        new CommandSpec(
            "setdir", "create a new directory or update an existing directory TTL", "<key>", TTL),
        Existence.ANY);
  }

  static DirectoryCommand updatedir() {
    // The help page of 2.3.7 shows a value, which it does not take.
    return new DirectoryCommand(
        new CommandSpec("updatedir", "update an existing directory", "<key> <value>", TTL),
        Existence.PRESENT);
  }

  @Override
  public CommandSpec spec() {
    return spec;
  }

  @Override
  public void run(Invocation call) {
    KeysApi keys = call.keys();
    String key = call.requiredKey();
    keys.setDirectory(key, KeyWrite.PLAIN.withTtl(call.local().number(TTL)).where(existence));
  }
}
