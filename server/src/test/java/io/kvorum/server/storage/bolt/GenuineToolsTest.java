// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvorum.base.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Genuine {@code etcdctl} 3.4.23 (Debian's etcd-client) takes what we write for its own. */
class GenuineToolsTest {

  private static final Path ETCDCTL = Path.of("/usr/bin/etcdctl");

  @TempDir Path folder = Path.of("");

  @Test
  void statusAndRestoreAcceptARewrittenDatabase() throws Exception {
    assumeTrue(Files.isExecutable(ETCDCTL), "SKIPPED: no " + ETCDCTL + " (package etcd-client)");
    Map<String, Map<Bytes, Bytes>> contents =
        new TreeMap<>(DatabaseOnDisk.contents(DatabaseOnDisk.recorded("many.db.gz")));
    Path file = folder.resolve("ours.db");
    DatabaseLayout layout = DatabaseLayoutTest.layout(contents);
    try (OutputStream out = Files.newOutputStream(file);
        WritableByteChannel channel = Channels.newChannel(out)) {
      layout.writeTo(channel::write);
    }
    assertEquals(
        "{\"hash\":2934103123,\"revision\":725,\"totalKey\":761,\"totalSize\":"
            + layout.bytes()
            + "}",
        etcdctl("snapshot", "status", file.toString(), "-w", "json"));
    etcdctl(
        "snapshot",
        "restore",
        file.toString(),
        "--skip-hash-check",
        "--data-dir",
        folder.resolve("restored").toString());
    assertTrue(Files.size(folder.resolve("restored/member/snap/db")) >= layout.bytes());
  }

  private String etcdctl(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add(ETCDCTL.toString());
    builder.command().addAll(java.util.List.of(arguments));
    builder.environment().put("ETCDCTL_API", "3");
    Path messages = folder.resolve("messages");
    Process process = builder.redirectError(messages.toFile()).start();
    String answer =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), () -> answer + read(messages));
    return answer;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      return failure.toString();
    }
  }
}
