// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.Member;
import io.kvorum.harness.process.Signal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of the v3 data, saved and restored by our commands and by those of genuine etcd. */
class SnapshotTest {
  private static final Duration READY = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final Distribution ours = DistributionUnderTest.find();
  private final int client = FreePort.find();
  private final int peer = FreePort.find();

  @Test
  void aBackupOfOursIsRestoredIntoOurs() throws IOException {
    String hash = saved(ours, ours);
    assertEquals(hash, restored("copy", ours));
    Path backup = folder.resolve("saved.db");
    byte[] damaged = Files.readAllBytes(backup);
    damaged[5000] ^= 1;
    Files.write(folder.resolve("damaged.db"), damaged);
    CommandResult refused =
        run(etcdutl(), "snapshot", "restore", "damaged.db", "--data-dir", "never");
    assertEquals(1, refused.exit());
    assertTrue(refused.stderr().startsWith("Error: expected sha256 ["), refused.stderr());
    assertTrue(Files.notExists(folder.resolve("never")));
    CommandResult again = run(etcdutl(), "snapshot", "restore", "saved.db", "--data-dir", "copy");
    assertEquals("Error: data-dir \"copy\" not empty or could not be read\n", again.stderr());
  }

  @Test
  void aBackupOfGenuineEtcdIsRestoredIntoOurs() {
    Distribution genuine = GenuineEtcd.findOrSkip();
    String hash = saved(genuine, ours);
    assertEquals(
        run(genuine.etcdctl(), "snapshot", "status", "saved.db").stdout(),
        run(ours.etcdctl(), "snapshot", "status", "saved.db").stdout());
    assertEquals(hash, restored("copy", ours));
  }

  @Test
  void aBackupOfOursIsRestoredIntoGenuineEtcd() {
    Distribution genuine = GenuineEtcd.findOrSkip();
    String hash = saved(ours, genuine);
    assertEquals(hash, restored("copy", genuine));
  }

  /** Fills a member, saves it with a client; returns the hash of its history. */
  private String saved(Distribution server, Distribution saver) {
    try (Member source = member(server, "source")) {
      source.start();
      source.awaitReady(READY);
      for (int i = 0; i < 20; i++) {
        assertEquals("OK\n", etcdctl("put", "key" + i % 7, "value" + i));
      }
      assertEquals("1\n", etcdctl("del", "key3"));
      if (!server.equals(ours)) {
        String lease = etcdctl("lease", "grant", "1000").split(" ")[1];
        assertEquals("OK\n", etcdctl("put", "leased", "v", "--lease", lease));
      }
      assertEquals("compacted revision 9\n", etcdctl("compaction", "9"));
      etcdctl("user", "add", "root:secret");
      CommandResult saved = run(saver.etcdctl(), "snapshot", "save", "saved.db");
      assertEquals(0, saved.exit(), saved.toString());
      String hash = hash();
      assertTrue(
          run(etcdutl(), "hashkv", "saved.db").stdout().startsWith(hash + ", "),
          "the file's hash is not the member's");
      source.stop(Signal.TERM);
      return hash;
    }
  }

  private String restored(String name, Distribution programs) {
    boolean isOurs = programs.equals(ours);
    CommandResult restore =
        run(
            isOurs ? etcdutl() : programs.etcdctl(),
            "snapshot",
            "restore",
            "saved.db",
            "--data-dir",
            name,
            "--name",
            name,
            "--initial-cluster",
            name + "=" + url(peer),
            "--initial-advertise-peer-urls",
            url(peer));
    assertEquals(0, restore.exit(), restore.toString());
    try (Member member = member(programs, name)) {
      member.start();
      member.awaitReady(READY);
      assertEquals(
          "key0\n\nkey1\n\nkey2\n\nkey4\n\nkey5\n\nkey6\n\n",
          etcdctl("get", "key", "--prefix", "--keys-only"));
      assertEquals("root\n", etcdctl("user", "list"));
      String hash = hash();
      assertEquals("OK\n", etcdctl("put", "after", "restore"));
      member.stop(Signal.TERM);
      return hash;
    }
  }

  private String hash() {
    return etcdctl("endpoint", "hashkv").split(", ")[1].strip();
  }

  private Path etcdutl() {
    return ours.etcd().resolveSibling("etcdutl");
  }

  private String etcdctl(String... arguments) {
    CommandResult result = run(ours.etcdctl(), arguments);
    assertEquals(0, result.exit(), List.of(arguments) + ": " + result);
    return result.stdout();
  }

  private CommandResult run(Path program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    return new Commands(List.of(), Map.of(), folder)
        .run(command, Map.of("ETCDCTL_API", "3", "ETCDCTL_ENDPOINTS", url(client)), "", READY);
  }

  private Member member(Distribution programs, String name) {
    List<String> command = new ArrayList<>(List.of(programs.etcd().toString()));
    command.addAll(programs.etcdArguments());
    command.addAll(
        List.of(
            "--name", name,
            "--data-dir", name,
            "--listen-client-urls", url(client),
            "--advertise-client-urls", url(client),
            "--listen-peer-urls", url(peer),
            "--initial-advertise-peer-urls", url(peer),
            "--initial-cluster", name + "=" + url(peer)));
    return new Member(name, command, Map.of(), folder, new InetSocketAddress("127.0.0.1", client));
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port;
  }
}
