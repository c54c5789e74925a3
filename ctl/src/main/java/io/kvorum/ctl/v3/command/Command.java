// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.ctl.cli.CommandSpec;

/** One command; made anew for each call. */
public interface Command {

  /** How it is called. */
  CommandSpec spec();

  /**
   * Runs it. Returns when it is done and all was well, else throws {@link
   * io.kvorum.ctl.terminal.CommandExit} or the server's refusal.
   */
  void run(Call call);
}
