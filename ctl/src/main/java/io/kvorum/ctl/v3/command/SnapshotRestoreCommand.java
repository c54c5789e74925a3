// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v3.cli.Flags;
import io.kvorum.server.offline.MemberFolders;
import io.kvorum.server.offline.OfflineFailure;
import io.kvorum.server.offline.SnapshotRestore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code snapshot restore}: the data directory of a member of a new cluster, from a backup. */
final class SnapshotRestoreCommand implements Command {

  private static final String DEFAULT_URL = "http://localhost:2380";

  private static final Option BUMP =
      Option.number("0", "How much to increase the latest revision after restore", "bump-revision");
  private static final Option DATA_DIR =
      Option.text("Path to the output data directory", "data-dir");
  private static final Option ADVERTISED =
      Option.text(
          DEFAULT_URL,
          "List of this member's peer URLs to advertise to the rest of the cluster",
          List.of("initial-advertise-peer-urls"));
  private static final Option CLUSTER =
      Option.text(
          "default=" + DEFAULT_URL,
          "Initial cluster configuration for restore bootstrap",
          List.of("initial-cluster"));
  private static final Option TOKEN =
      Option.text(
          "etcd-cluster",
          "Initial cluster token for the etcd cluster during restore bootstrap",
          List.of("initial-cluster-token"));
  private static final Option MARK_COMPACTED =
      Option.flag(
          "Mark the latest revision after restore as the point of scheduled compaction",
          "mark-compacted");
  private static final Option NAME =
      Option.text("default", "Human-readable name for this member", List.of("name"));
  private static final Option SKIP_HASH =
      Option.flag(
          "Ignore snapshot integrity hash value (required if copied from data directory)",
          "skip-hash-check");
  private static final Option WAL_DIR =
      Option.text("Path to the WAL directory (use --data-dir if none given)", "wal-dir");

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "restore",
        "Restores an etcd member snapshot to an etcd directory",
        "<filename> --data-dir {output dir} [options] [flags]",
        BUMP,
        DATA_DIR,
        ADVERTISED,
        CLUSTER,
        TOKEN,
        MARK_COMPACTED,
        NAME,
        SKIP_HASH,
        WAL_DIR);
  }

  @Override
  public void run(Call call) {
    if (call.count() != 1) {
      throw call.badArguments("snapshot restore requires exactly one argument");
    }
    Flags flags = call.flags();
    long bump = flags.number(BUMP);
    if (bump < 0 || bump == 0 && flags.isSet(MARK_COMPACTED)) {
      throw call.badArguments("--mark-compacted required if --bump-revision is given, and above 0");
    }
    String name = flags.text(NAME);
    String cluster = flags.has(CLUSTER) ? flags.text(CLUSTER) : name + "=" + DEFAULT_URL;
    String data = flags.text(DATA_DIR).isEmpty() ? name + ".etcd" : flags.text(DATA_DIR);
    Path dataDir = Path.of(data);
    Optional<Path> wal =
        flags.text(WAL_DIR).isEmpty()
            ? Optional.empty()
            : Optional.of(Path.of(flags.text(WAL_DIR)));
    try {
      SnapshotRestore.make(
          new SnapshotRestore.Order(
              Path.of(call.argument(0)),
              flags.isSet(SKIP_HASH),
              name,
              members(call, cluster),
              flags.text(TOKEN),
              List.of(flags.text(ADVERTISED).split(",", -1)),
              bump,
              flags.isSet(MARK_COMPACTED)),
          dataDir,
          MemberFolders.of(dataDir, wal));
    } catch (OfflineFailure failure) {
      throw call.fail(ExitStatus.ERROR, String.valueOf(failure.getMessage()));
    }
  }

  /** Peer URLs by name, from {@code n1=u1,n2=u2}; a name may come several times. */
  private static Map<String, List<String>> members(Call call, String cluster) {
    Map<String, List<String>> members = new LinkedHashMap<>();
    for (String pair : cluster.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw call.badArguments("invalid --initial-cluster: " + pair);
      }
      members
          .computeIfAbsent(pair.substring(0, equals), n -> new ArrayList<>())
          .add(pair.substring(equals + 1));
    }
    return members;
  }
}
