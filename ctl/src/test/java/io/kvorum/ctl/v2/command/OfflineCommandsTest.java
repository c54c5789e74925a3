// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.ctl.CommandRun;
import io.kvorum.ctl.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backup and import (recorded behaviour of etcd 2.3.7). */
class OfflineCommandsTest {
  private static final String SET = "{\"action\":\"set\",\"node\":{\"key\":\"/x\",\"value\":\"\"}}";
  private static final String STAMP = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6} I \\| ";

  @TempDir private Path folder;

  @Test
  void aBackupOfNothingNamesWhatIsMissing() {
    CommandRun none =
        CommandRun.of("backup", "--data-dir", "nodir", "--backup-dir", folder.resolve("b") + "");
    assertEquals(1, none.code());
    assertEquals("", none.out());
    assertTrue(
        none.err().matches(STAMP + "open nodir/member/snap: no such file or directory\n"),
        none.err());
    CommandRun bare = CommandRun.of("backup");
    assertTrue(
        bare.err().matches(STAMP + "open member/wal: no such file or directory\n"), bare.err());
  }

  @Test
  void anImportNeedsAReadableSnapshot() throws IOException {
    assertEquals(
        new CommandRun(1, "no snapshot file provided (use --snap)\n", ""), CommandRun.of("import"));
    assertEquals(
        new CommandRun(1, "cannot read snapshot file nofile\n", ""),
        CommandRun.of("import", "--snap", "nofile"));
    Path file = Files.writeString(folder.resolve("bad"), "{\"Root\":");
    CommandRun bad = CommandRun.of("import", "--snap", file.toString());
    assertEquals(1, bad.code());
    assertTrue(bad.out().startsWith("cannot recover the snapshot file: "), bad.out());
  }

  @Test
  void keysAreWrittenAndShortTimesToLiveExtended() throws IOException {
    String never = "\"ExpireTime\":\"0001-01-01T00:00:00Z\"";
    Path file =
        Files.writeString(
            folder.resolve("snap"),
            node(
                    "/",
                    never,
                    "",
                    child("a", node("/a", never, "one", "null"))
                        + ","
                        + child(
                            "d",
                            node(
                                "/d",
                                never,
                                "",
                                child(
                                    "s",
                                    node(
                                        "/d/s",
                                        "\"ExpireTime\":\"2014-01-01T00:00:00Z\"",
                                        "two",
                                        "null"))))
                        + ","
                        + child(
                            "_h",
                            node(
                                "/_h",
                                never,
                                "",
                                child("k", node("/_h/k", never, "three", "null")))))
                .transform(
                    root -> "{\"Root\":" + root + ",\"CurrentIndex\":7,\"CurrentVersion\":2}"));
    try (ScriptedServer server = new ScriptedServer().asOnlyMember()) {
      for (String key : List.of("a", "d/s", "_h/k")) {
        server.onKeys("PUT /v2/keys/" + key, 8, SET);
      }
      CommandRun run =
          CommandRun.of(
              "--endpoints",
              server.url(),
              "import",
              "--snap",
              file + "",
              "-c",
              "2",
              "--hidden",
              "/_h");
      assertEquals(0, run.code(), run.err());
      assertEquals(
          "starting to import snapshot " + file + " with 2 clients\nfinished importing 3 keys\n",
          run.out());
      assertTrue(run.err().contains(" I | extending key /d/s's ttl to 300 seconds\n"), run.err());
      assertTrue(run.err().contains(" I | entering dir: /_h\n"), run.err());
      String asked = String.join("\n", server.requests());
      assertTrue(asked.contains("PUT /v2/keys/a"), asked);
      assertTrue(asked.contains("ttl=300&value=two"), asked);
      assertTrue(asked.contains("PUT /v2/keys/_h/k"), asked);
    }
  }

  @Test
  void aHiddenDirectoryThatIsNotThereIsAnError() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("snap"),
            "{\"Root\":{\"Path\":\"/\",\"Children\":{}},\"CurrentIndex\":7}");
    try (ScriptedServer server = new ScriptedServer().asOnlyMember()) {
      CommandRun run =
          CommandRun.of(
              "--endpoints", server.url(), "import", "--snap", file + "", "--hidden", "/_x");
      assertEquals(4, run.code());
      assertTrue(run.err().endsWith("Error:  100: Key not found (/_x) [7]\n"), run.err());
    }
  }

  private static String child(String name, String node) {
    return "\"" + name + "\":" + node;
  }

  private static String node(String path, String expiry, String value, String children) {
    return "{\"Path\":\"%s\",\"CreatedIndex\":1,\"ModifiedIndex\":1,%s,\"ACL\":\"\",\"Value\":\"%s\",\"Children\":%s}"
        .formatted(path, expiry, value, children.equals("null") ? children : "{" + children + "}");
  }
}
