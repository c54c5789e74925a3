// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.env.Disk;
import io.kvorum.server.config.MemberConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders of a member, as etcd lays them out, with the store beside the log.
 *
 * @param snap received and written snapshots
 * @param store the storage engine's folder
 */
record DataDir(Path root, Path wal, Path snap, Path store) {

  private static final Logger LOG = LoggerFactory.getLogger(DataDir.class);
  private static final Set<String> KNOWN = Set.of("member", "wal", "snap", ".touch");

  static DataDir of(MemberConfig.Storage storage) {
    Path member = storage.dataDir().resolve("member");
    return new DataDir(
        storage.dataDir(), storage.walDir(), member.resolve("snap"), member.resolve("store"));
  }

  /** Creates what is missing and makes sure that it can be written. */
  void prepare(Disk disk) {
    try {
      disk.createDirectories(root);
      lookAround(disk);
      Path member = snap.getParent() == null ? root : snap.getParent();
      disk.createDirectories(member);
      disk.createDirectories(snap);
      Path touch = member.resolve(".touch");
      disk.delete(touch);
      disk.create(touch).close();
      disk.delete(touch);
      disk.syncDirectory(member);
      disk.syncDirectory(root);
      Path parent = root.getParent();
      if (parent != null) {
        // The folder's own name: without it the whole data directory could be gone after a crash.
        disk.syncDirectory(parent);
      }
    } catch (IOException failure) {
      throw new StartFailure(
          "cannot access data directory: " + failure.getMessage() + ": " + root,
          "the data directory must exist or be creatable, and be writable by this user");
    }
  }

  private void lookAround(Disk disk) throws IOException {
    boolean member = disk.exists(root.resolve("member"));
    if (disk.exists(root.resolve("proxy"))) {
      throw new StartFailure(
          member
              ? "invalid datadir. Both member and proxy directories exist."
              : "this data directory belongs to a proxy, which is not supported yet: " + root);
    }
    for (String name : disk.list(root)) {
      if (!KNOWN.contains(name)) {
        LOG.atWarn()
            .addKeyValue("data-dir", root)
            .addKeyValue("found", name)
            .log("found invalid file/dir under data dir (Ignore this if you are upgrading etcd)");
      }
    }
  }
}
