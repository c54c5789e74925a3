// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;

/**
 * A command that has its help page but is not built yet.
 *
 * @param path its name with its group
 */
record NotSupportedYet(String path, CommandSpec spec) implements Command {

  @Override
  public void run(Invocation call) {
    throw call.failed("etcdctl: " + path + " is not supported yet");
  }
}
