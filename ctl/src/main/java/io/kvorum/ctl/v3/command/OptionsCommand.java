// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.v3.cli.HelpText;

/** {@code options}: the flags that all commands have. */
final class OptionsCommand implements Command {

  @Override
  public CommandSpec spec() {
    return new CommandSpec("options", "Prints the list of global flags", "[flags]");
  }

  @Override
  public void run(Call call) {
    call.console().print(HelpText.ofOptions("GLOBAL OPTIONS:", GlobalFlags.ALL));
  }
}
