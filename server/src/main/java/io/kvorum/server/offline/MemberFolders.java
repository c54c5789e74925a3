// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.offline;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a member's data lie, spelled as the user spelled them.
 *
 * @param store absent on disk when a genuine etcd wrote the directory
 */
public record MemberFolders(Path snap, Path wal, Path store) {

  /**
   * The folders below a data directory.
   *
   * @param walDir the log's folder when it is a dedicated one
   */
  public static MemberFolders of(Path dataDir, Optional<Path> walDir) {
    Path member = dataDir.resolve("member").normalize();
    return new MemberFolders(
        member.resolve("snap"),
        walDir.map(Path::normalize).orElse(member.resolve("wal")),
        member.resolve("store"));
  }
}
