// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;

/** Backup and import: their help pages; they come later. */
final class LaterCommands {

  private LaterCommands() {}

  static Command backup() {
    return command(
        "backup",
        "backup an etcd directory",
        CommandSpec.NO_ARGUMENTS,
        Option.text("Path to the etcd data dir", "data-dir"),
        Option.text("Path to the etcd wal dir", "wal-dir"),
        Option.text("Path to the backup dir", "backup-dir"),
        Option.text("Path to the backup wal dir", "backup-wal-dir"));
  }

  static Command importSnapshot() {
    return command(
        "import",
        "import a snapshot to a cluster",
        CommandSpec.NO_ARGUMENTS,
        Option.text("Path to the valid etcd 0.4.x snapshot.", "snap"),
        Option.list("Hidden key spaces to import from snapshot", "hidden"),
        Option.number("10", "Number of concurrent clients to import the data", "c"));
  }

  private static Command command(
      String name, String usage, String argumentsUsage, Option... options) {
    return new NotSupportedYet(name, new CommandSpec(name, usage, argumentsUsage, options));
  }
}
