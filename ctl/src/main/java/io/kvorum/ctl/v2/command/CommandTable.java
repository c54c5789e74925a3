// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All commands by name. A command's class is loaded only when it is asked for, because every class
 * costs start-up time; that is why this is a switch and not a map.
 */
public final class CommandTable {

  private static final List<String> ORDER =
      List.of(
          "backup",
          "cluster-health",
          "mk",
          "mkdir",
          "rm",
          "rmdir",
          "get",
          "ls",
          "set",
          "setdir",
          "update",
          "updatedir",
          "watch",
          "exec-watch",
          "member",
          "import",
          "user",
          "role",
          "auth");

  private CommandTable() {}

  /** The command with a name. */
  public static Optional<Command> command(String name) {
    return Optional.ofNullable(commandOrNull(name));
  }

  private static @Nullable Command commandOrNull(String name) {
    return switch (name) {
      case "get" -> new GetCommand();
      case "ls" -> new LsCommand();
      case "set" -> new SetCommand();
      case "mk" -> new MkCommand();
      case "update" -> new UpdateCommand();
      case "mkdir" -> DirectoryCommand.mkdir();
      case "setdir" -> DirectoryCommand.setdir();
      case "updatedir" -> DirectoryCommand.updatedir();
      case "rm" -> new RmCommand();
      case "rmdir" -> new RmdirCommand();
      case "watch" -> new WatchCommand();
      case "exec-watch" -> new ExecWatchCommand();
      case "cluster-health" -> new ClusterHealthCommand();
      case "backup" -> new BackupCommand();
      case "import" -> new ImportCommand();
      default -> null;
    };
  }

  /** The group of commands with a name. */
  public static Optional<CommandGroup> group(String name) {
    return switch (name) {
      case "member" -> Optional.of(MemberCommands.group());
      case "user" -> Optional.of(UserCommand.group());
      case "role" -> Optional.of(RoleCommand.group());
      case "auth" -> Optional.of(AuthCommand.group());
      default -> Optional.empty();
    };
  }

  /** Commands and groups in the order of the help page, {@code help} at the end. */
  public static List<CommandSpec> listing() {
    List<CommandSpec> listing = new ArrayList<>();
    for (String name : ORDER) {
      spec(name).ifPresent(listing::add);
    }
    listing.add(CommandSpec.HELP);
    return listing;
  }

  /** How a command or group is called. */
  public static Optional<CommandSpec> spec(String name) {
    Optional<CommandSpec> group = group(name).map(CommandGroup::spec);
    return group.isPresent() ? group : command(name).map(Command::spec);
  }

  /** Whether only the v3 API has a command of this name. */
  public static boolean isV3Only(String name) {
    return switch (name) {
      case "put",
          "del",
          "txn",
          "compaction",
          "lease",
          "snapshot",
          "alarm",
          "defrag",
          "endpoint",
          "move-leader",
          "make-mirror",
          "migrate",
          "lock",
          "elect",
          "check",
          "downgrade",
          "completion",
          "version" ->
          true;
      default -> false;
    };
  }
}
