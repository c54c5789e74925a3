// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.ctl.cli.CommandSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All commands by their path. A command's class is loaded only when it is asked for, because every
 * class costs start-up time; that is why this is a switch and not a map.
 */
public final class CommandTable {

  /** The paths of all commands in the order of the help page. */
  private static final List<String> PATHS =
      List.of(
          "alarm disarm",
          "alarm list",
          "auth disable",
          "auth enable",
          "auth status",
          "check datascale",
          "check perf",
          "compaction",
          "completion bash",
          "completion fish",
          "completion powershell",
          "completion zsh",
          "defrag",
          "del",
          "downgrade cancel",
          "downgrade enable",
          "downgrade validate",
          "elect",
          "endpoint hashkv",
          "endpoint health",
          "endpoint status",
          "get",
          "lease grant",
          "lease keep-alive",
          "lease list",
          "lease revoke",
          "lease timetolive",
          "lock",
          "make-mirror",
          "member add",
          "member list",
          "member promote",
          "member remove",
          "member update",
          "move-leader",
          "options",
          "put",
          "role add",
          "role delete",
          "role get",
          "role grant-permission",
          "role list",
          "role revoke-permission",
          "snapshot restore",
          "snapshot save",
          "snapshot status",
          "txn",
          "user add",
          "user delete",
          "user get",
          "user grant-role",
          "user list",
          "user passwd",
          "user revoke-role",
          "version",
          "watch");

  private CommandTable() {}

  /** The command with a path of one or two words. */
  public static Optional<Command> command(String path) {
    return Optional.ofNullable(commandOrNull(path));
  }

  private static @Nullable Command commandOrNull(String path) {
    return switch (path) {
      case "get" -> new GetCommand();
      case "put" -> new PutCommand();
      case "del" -> new DelCommand();
      case "txn" -> new TxnCommand();
      case "watch" -> new WatchCommand();
      case "compaction" -> new CompactionCommand();
      case "defrag" -> new ClusterCommands.Defrag();
      case "move-leader" -> new ClusterCommands.MoveLeader();
      case "lock" -> new LockCommand();
      case "elect" -> new ElectCommand();
      case "make-mirror" -> new MakeMirrorCommand();
      case "version" -> new VersionCommand();
      case "options" -> new OptionsCommand();
      default -> grouped(path);
    };
  }

  private static @Nullable Command grouped(String path) {
    return switch (path) {
      case "alarm list" -> new ClusterCommands.Alarm(false);
      case "alarm disarm" -> new ClusterCommands.Alarm(true);
      case "auth enable" -> new AuthCommands.Enable();
      case "auth disable" -> new AuthCommands.Disable();
      case "auth status" -> new AuthCommands.Status();
      case "check perf" -> new CheckPerfCommand();
      case "check datascale" -> new CheckDatascaleCommand();
      case "completion bash", "completion fish", "completion powershell", "completion zsh" ->
          new CompletionCommand(path.substring(path.indexOf(' ') + 1));
      case "downgrade validate" -> new ClusterCommands.Downgrade("validate");
      case "downgrade enable" -> new ClusterCommands.Downgrade("enable");
      case "downgrade cancel" -> new ClusterCommands.Downgrade("cancel");
      case "endpoint health" -> new EndpointHealthCommand();
      case "endpoint status" -> new EndpointStatusCommand();
      case "endpoint hashkv" -> new EndpointHashCommand();
      case "snapshot save" -> new SnapshotSaveCommand();
      case "snapshot status" -> new SnapshotStatusCommand(false);
      case "snapshot restore" -> new SnapshotRestoreCommand();
      default -> leaseOrMember(path);
    };
  }

  private static @Nullable Command leaseOrMember(String path) {
    return switch (path) {
      case "lease grant" -> new LeaseCommands.Grant();
      case "lease revoke" -> new LeaseCommands.Revoke();
      case "lease timetolive" -> new LeaseCommands.TimeToLive();
      case "lease list" -> new LeaseCommands.ListAll();
      case "lease keep-alive" -> new KeepAliveCommand();
      case "member list" -> new MemberCommands.ListAll();
      case "member add" -> new MemberCommands.Add();
      case "member remove" -> new MemberCommands.Remove();
      case "member update" -> new MemberCommands.Update();
      case "member promote" -> new MemberCommands.Promote();
      default -> userOrRole(path);
    };
  }

  private static @Nullable Command userOrRole(String path) {
    return switch (path) {
      case "user add" -> new UserCommands.Add();
      case "user delete" -> new UserCommands.Delete();
      case "user get" -> new UserCommands.Get();
      case "user list" -> new UserCommands.ListAll();
      case "user passwd" -> new UserCommands.ChangePassword();
      case "user grant-role" -> new UserCommands.GrantRole();
      case "user revoke-role" -> new UserCommands.RevokeRole();
      case "role add" -> new RoleCommands.Add();
      case "role delete" -> new RoleCommands.Delete();
      case "role get" -> new RoleCommands.Get("");
      case "role list" -> new RoleCommands.ListAll();
      case "role grant-permission" -> new RoleCommands.GrantPermission();
      case "role revoke-permission" -> new RoleCommands.RevokePermission();
      default -> null;
    };
  }

  /** What a group is for; empty when there is no such group. */
  public static String groupUsage(String name) {
    return switch (name) {
      case "alarm" -> "Alarm related commands";
      case "auth" -> "Enable or disable authentication";
      case "check" -> "commands for checking properties of the etcd cluster";
      case "completion" -> "Generate completion script";
      case "downgrade" -> "Downgrade related commands";
      case "endpoint" -> "Endpoint related commands";
      case "lease" -> "Lease related commands";
      case "member" -> "Membership related commands";
      case "role" -> "Role related commands";
      case "snapshot" -> "Manages etcd node snapshots";
      case "user" -> "User related commands";
      default -> "";
    };
  }

  /**
   * The names that a word may stand for at a level: itself, or all that begin with it.
   *
   * @param group the group whose commands are meant; empty for the first level
   */
  public static List<String> matching(String group, String word) {
    List<String> found = new ArrayList<>();
    for (String path : PATHS) {
      String name = nameAt(group, path);
      if (name.equals(word)) {
        return List.of(word);
      }
      if (name.startsWith(word) && !name.isEmpty() && !found.contains(name)) {
        found.add(name);
      }
    }
    return found;
  }

  private static String nameAt(String group, String path) {
    if (group.isEmpty()) {
      int blank = path.indexOf(' ');
      return blank < 0 ? path : path.substring(0, blank);
    }
    return path.startsWith(group + " ") ? path.substring(group.length() + 1) : "";
  }

  /** The commands of a group under their names, or all under their paths. */
  public static List<CommandSpec> listing(String group) {
    List<CommandSpec> listing = new ArrayList<>();
    for (String path : PATHS) {
      if (group.isEmpty() || path.startsWith(group + " ")) {
        String name = group.isEmpty() ? path : path.substring(group.length() + 1);
        command(path)
            .ifPresent(c -> listing.add(new CommandSpec(name, c.spec().usage(), "[flags]")));
      }
    }
    return listing;
  }

  /** A command of etcdutl that etcdctl has too, or that works like one. */
  public static Optional<Command> offlineCommand(String path) {
    return switch (path) {
      case "snapshot status" -> Optional.of(new SnapshotStatusCommand(true));
      case "snapshot restore" -> Optional.of(new SnapshotRestoreCommand());
      case "hashkv" -> Optional.of(new SnapshotHashCommand());
      default -> Optional.empty();
    };
  }

  /** Every path, for completion scripts. */
  static List<String> paths() {
    return PATHS;
  }
}
