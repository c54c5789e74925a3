// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import java.util.List;

/** Backup, import, users, roles and auth: their help pages; they come with the server's part. */
final class LaterCommands {

  private LaterCommands() {}

  static Command backup() {
    return command(
        "",
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
        "",
        "import",
        "import a snapshot to a cluster",
        CommandSpec.NO_ARGUMENTS,
        Option.text("Path to the valid etcd 0.4.x snapshot.", "snap"),
        Option.list("Hidden key spaces to import from snapshot", "hidden"),
        Option.number("10", "Number of concurrent clients to import the data", "c"));
  }

  static CommandGroup user() {
    Option roles = Option.list("List of roles to grant or revoke", "roles");
    return new CommandGroup(
        new CommandSpec("user", "user add, grant and revoke subcommands", ""),
        List.of(
            command("user ", "add", "add a new user for the etcd cluster", "<user>"),
            command("user ", "get", "get details for a user", "<user>"),
            command("user ", "list", "list all current users", "<user>"),
            command("user ", "remove", "remove a user for the etcd cluster", "<user>"),
            command("user ", "grant", "grant roles to an etcd user", "<user>", roles),
            command("user ", "revoke", "revoke roles for an etcd user", "<user>", roles),
            command("user ", "passwd", "change password for a user", "<user>")));
  }

  static CommandGroup role() {
    return new CommandGroup(
        new CommandSpec("role", "role add, grant and revoke subcommands", ""),
        List.of(
            command("role ", "add", "add a new role for the etcd cluster", "<role> "),
            command("role ", "get", "get details for a role", "<role>"),
            command("role ", "list", "list all roles", CommandSpec.NO_ARGUMENTS),
            command("role ", "remove", "remove a role from the etcd cluster", "<role>"),
            command(
                "role ",
                "grant",
                "grant path matches to an etcd role",
                "<role>",
                Option.text("Path granted for the role to access", "path"),
                Option.flag("Grant read-only access", "read"),
                Option.flag("Grant write-only access", "write"),
                Option.flag("Grant read-write access", "readwrite")),
            command(
                "role ",
                "revoke",
                "revoke path matches for an etcd role",
                "<role>",
                Option.text("Path revoked for the role to access", "path"),
                Option.flag("Revoke read access", "read"),
                Option.flag("Revoke write access", "write"),
                Option.flag("Revoke read-write access", "readwrite"))));
  }

  static CommandGroup auth() {
    String none = CommandSpec.NO_ARGUMENTS;
    return new CommandGroup(
        new CommandSpec("auth", "overall auth controls", ""),
        List.of(
            command("auth ", "enable", "enable auth access controls", none),
            command("auth ", "disable", "disable auth access controls", none)));
  }

  private static Command command(
      String group, String name, String usage, String argumentsUsage, Option... options) {
    return new NotSupportedYet(group + name, new CommandSpec(name, usage, argumentsUsage, options));
  }
}
