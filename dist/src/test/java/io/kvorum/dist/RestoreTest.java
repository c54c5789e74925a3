// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.Member;
import io.kvorum.harness.process.Signal;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup of a running member is started, told where it is, and goes on without the flag. */
class RestoreTest {
  private static final Duration READY = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final Distribution distribution = DistributionUnderTest.find();
  private final int client = FreePort.find();
  private final int peer = FreePort.find();

  @Test
  void aBackupOfARunningMemberBecomesAClusterOfItsOwn() {
    try (Member source = member("source", 1)) {
      source.start();
      source.awaitReady(READY);
      assertEquals("linux\n", etcdctl(1, "set", "os", "linux"));
      assertEquals("", etcdctl(1, "backup", "--data-dir", "source", "--backup-dir", "copy"));
      assertEquals("other\n", etcdctl(1, "set", "os", "other"));
      restore();
      assertEquals("other\n", etcdctl(1, "get", "os"));
      source.stop(Signal.TERM);
    }
  }

  private void restore() {
    try (Member forced = member("copy", 2, "--force-new-cluster")) {
      forced.start();
      forced.awaitReady(READY);
      assertEquals("linux\n", etcdctl(2, "get", "os"));
      String list = etcdctl(2, "member", "list");
      assertTrue(list.contains("peerURLs=http://localhost:7001,http://localhost:2380 "), list);
      String id = list.substring(0, list.indexOf(':'));
      assertEquals(
          "Updated member with ID " + id + " in cluster\n",
          etcdctl(2, "member", "update", id, url(2, peer)));
      forced.stop(Signal.TERM);
    }
    try (Member restored = member("copy", 2)) {
      restored.start();
      restored.awaitReady(READY);
      assertEquals("linux\n", etcdctl(2, "get", "os"));
      assertEquals("7\n", etcdctl(2, "set", "os", "7"));
      assertTrue(etcdctl(2, "member", "list").contains("peerURLs=" + url(2, peer) + " "));
      restored.stop(Signal.TERM);
    }
  }

  private String etcdctl(int host, String... arguments) {
    List<String> command = new ArrayList<>(List.of(distribution.etcdctl().toString()));
    command.addAll(List.of("--endpoints", url(host, client)));
    command.addAll(List.of(arguments));
    CommandResult result =
        new Commands(List.of(), Map.of(), folder)
            .run(command, distribution.etcdctlEnvironment(), "", READY);
    assertEquals(0, result.exit(), command + ": " + result);
    assertEquals("", result.stderr(), command.toString());
    return result.stdout();
  }

  private Member member(String name, int host, String... flags) {
    List<String> command = new ArrayList<>(List.of(distribution.etcd().toString()));
    command.addAll(distribution.etcdArguments());
    command.addAll(
        List.of(
            "--name", name,
            "--data-dir", name,
            "--listen-client-urls", url(host, client),
            "--advertise-client-urls", url(host, client),
            "--listen-peer-urls", url(host, peer),
            "--initial-advertise-peer-urls", url(host, peer),
            "--initial-cluster", name + "=" + url(host, peer)));
    command.addAll(List.of(flags));
    return new Member(
        name, command, Map.of(), folder, new InetSocketAddress("127.93.0." + host, client));
  }

  private static String url(int host, int port) {
    return "http://127.93.0.%d:%d".formatted(host, port);
  }
}
