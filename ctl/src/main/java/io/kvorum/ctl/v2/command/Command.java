// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;

/** One command of etcdctl. */
public interface Command {

  /** How it is called. */
  CommandSpec spec();

  /**
   * Runs it; returning means success.
   *
   * @throws io.kvorum.ctl.terminal.CommandExit with another exit status, everything said
   * @throws io.kvorum.ctl.v2.client.ApiFailure for the caller to report as a server error
   */
  void run(Invocation call);
}
