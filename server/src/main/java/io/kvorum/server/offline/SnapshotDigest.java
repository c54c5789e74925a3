// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.offline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The SHA-256 behind the database in a file of {@code snapshot save}. A database is a whole number
 * of pages, so the length of a file tells whether it has one.
 */
final class SnapshotDigest {

  static final int BYTES = 32;

  private static final int SECTOR_BYTES = 512;
  private static final int BUFFER_BYTES = 1 << 16;

  private SnapshotDigest() {}

  /** Whether the file is as long as one with a digest. */
  static boolean isThere(Path file) throws IOException {
    return Files.size(file) % SECTOR_BYTES == BYTES;
  }

  /**
   * Checks it.
   *
   * @throws OfflineFailure in etcd's words when there is none, or another one
   */
  static void check(Path file) {
    try {
      if (!isThere(file)) {
        throw new OfflineFailure("snapshot missing hash but --skip-hash-check=false");
      }
      long left = Files.size(file) - BYTES;
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = Files.newInputStream(file)) {
        byte[] buffer = new byte[BUFFER_BYTES];
        while (left > 0) {
          int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
          if (count < 0) {
            throw new OfflineFailure(file + " became shorter while it was read");
          }
          digest.update(buffer, 0, count);
          left -= count;
        }
        byte[] expected = in.readNBytes(BYTES);
        byte[] computed = digest.digest();
        if (!Arrays.equals(expected, computed)) {
          throw new OfflineFailure(
              "expected sha256 [%s], got [%s]"
                  .formatted(
                      HexFormat.of().formatHex(expected), HexFormat.of().formatHex(computed)));
        }
      }
    } catch (NoSuchFileException missing) {
      throw new OfflineFailure("open " + file + ": no such file or directory", missing);
    } catch (IOException failure) {
      throw new OfflineFailure("can not read " + file + ": " + failure.getMessage(), failure);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
