// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.ctl.cli.CommandSpec;

/** {@code version}. */
public final class VersionCommand implements Command {

  /** The release whose command line this is. */
  static final String RELEASE = "3.7.1";

  /** The API that it speaks. */
  public static final String API = "3.7";

  @Override
  public CommandSpec spec() {
    return new CommandSpec("version", "Prints the version of etcdctl", "[flags]");
  }

  @Override
  public void run(Call call) {
    call.console().line("etcdctl version: " + RELEASE);
    call.console().line("API version: " + API);
  }
}
