// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A pair of programs under test: ours, or a genuine etcd to try the harness itself.
 *
 * @param etcdArguments put before the arguments of every server start
 * @param etcdctlEnvironment added to the environment of every client command
 */
public record Distribution(
    Path etcd, Path etcdctl, List<String> etcdArguments, Map<String, String> etcdctlEnvironment) {
  public Distribution {
    etcdArguments = List.copyOf(etcdArguments);
    etcdctlEnvironment = Map.copyOf(etcdctlEnvironment);
    for (Path program : List.of(etcd, etcdctl)) {
      if (!Files.isExecutable(program)) {
        throw new IllegalArgumentException("not an executable file: " + program);
      }
    }
  }

  /** Ours: the folder that has {@code bin/etcd}. */
  public static Distribution at(Path folder) {
    Path bin = folder.toAbsolutePath().resolve("bin");
    return new Distribution(bin.resolve("etcd"), bin.resolve("etcdctl"), List.of(), Map.of());
  }

  /** A genuine etcd 3.4 or 3.5 made to speak v2. */
  public static Distribution genuine(Path bin) {
    Path folder = bin.toAbsolutePath();
    return new Distribution(
        folder.resolve("etcd"),
        folder.resolve("etcdctl"),
        List.of("--enable-v2=true"),
        Map.of("ETCDCTL_API", "2"));
  }
}
