// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.process.Distribution;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Debian's etcd 3.4.23, made to speak v2: packages {@code etcd-server} and {@code etcd-client}.
 * {@code -Dkvorum.etcd=FOLDER} names another folder with both programs.
 */
final class GenuineEtcd {
  private static final Path FOLDER = Path.of(System.getProperty("kvorum.etcd", "/usr/bin"));

  private GenuineEtcd() {}

  /** The genuine programs; without them the test that asks is skipped, loudly. */
  static Distribution findOrSkip() {
    boolean there =
        Files.isExecutable(FOLDER.resolve("etcd")) && Files.isExecutable(FOLDER.resolve("etcdctl"));
    if (!there) {
      System.err.println(
          """
          ######################################################################
          # SKIPPED: a cluster of our members and genuine ones. There is no etcd
          # and etcdctl in %s; install etcd-server and etcd-client (3.4).
          ######################################################################\
          """
              .formatted(FOLDER));
    }
    Assumptions.assumeTrue(there, "no genuine etcd in " + FOLDER);
    return Distribution.genuine(FOLDER);
  }
}
