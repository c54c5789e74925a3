// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.server.observe.log.LogThreshold;
import io.kvorum.server.offline.Backup;
import io.kvorum.server.offline.MemberFolders;
import io.kvorum.server.offline.OfflineFailure;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** {@code backup}: copies a data directory; no server takes part, and one may be running on it. */
final class BackupCommand implements Command {

  private static final Option DATA_DIR = Option.text("Path to the etcd data dir", "data-dir");
  private static final Option WAL_DIR = Option.text("Path to the etcd wal dir", "wal-dir");
  private static final Option BACKUP_DIR = Option.text("Path to the backup dir", "backup-dir");
  private static final Option BACKUP_WAL_DIR =
      Option.text("Path to the backup wal dir", "backup-wal-dir");

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "backup",
        "backup an etcd directory",
        CommandSpec.NO_ARGUMENTS,
        DATA_DIR,
        WAL_DIR,
        BACKUP_DIR,
        BACKUP_WAL_DIR);
  }

  @Override
  public void run(Invocation call) {
    LogThreshold.set("error");
    try {
      Backup.make(
          folders(call, DATA_DIR, WAL_DIR),
          folders(call, BACKUP_DIR, BACKUP_WAL_DIR),
          RandomGenerator.getDefault());
    } catch (OfflineFailure failure) {
      throw call.failed(LogLine.of(String.valueOf(failure.getMessage())));
    }
  }

  private static MemberFolders folders(Invocation call, Option dataDir, Option walDir) {
    String wal = call.local().text(walDir);
    return MemberFolders.of(
        Path.of(call.local().text(dataDir)),
        wal.isEmpty() ? Optional.empty() : Optional.of(Path.of(wal)));
  }
}
