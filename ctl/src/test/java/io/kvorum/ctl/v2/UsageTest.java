// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.ctl.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {

  @Test
  void commandsOfTheOtherApiSayWhereTheyAre() {
    for (String name : List.of("put", "del", "txn", "lease", "snapshot", "endpoint")) {
      CommandRun run = CommandRun.of(name, "a", "--b");
      assertEquals(1, run.code());
      assertEquals(
          "etcdctl: "
              + name
              + " is a command of the v3 API: set ETCDCTL_API=3 or call bin/etcdctl3\n",
          run.err());
    }
  }

  @Test
  void whatIsNotBuiltYetSaysSo() {
    assertEquals(
        new CommandRun(1, "", "etcdctl: --discovery-srv is not supported yet\n"),
        CommandRun.of("-D", "example.org", "get", "a"));
  }

  @Test
  void twoSpellingsOfOneOptionAreTold() {
    CommandRun run = CommandRun.of("-o", "json", "--output", "simple", "ls");
    assertEquals(0, run.code());
    assertTrue(
        run.out()
            .startsWith("Cannot use two forms of the same flag: o output\nNAME:\n   etcdctl - "));
  }

  @Test
  void helpOfACommandInAGroupIsFoundBothWays() {
    CommandRun asked = CommandRun.of("member", "help", "add");
    assertEquals(CommandRun.of("member", "add", "-h"), asked);
    assertTrue(asked.out().contains("   etcdctl member add <name> <peerURL>\n"));
    assertEquals("No help topic for 'nope'\n", CommandRun.of("member", "help", "nope").out());
  }

  @Test
  void wrongOptionsOfAGroupShowItsPage() {
    CommandRun run = CommandRun.of("member", "--nope");
    assertEquals(0, run.code());
    assertTrue(run.out().startsWith("Incorrect Usage.\n\nNAME:\n   etcdctl member - "));
  }

  @Test
  void tlsFilesAreCheckedAndThenRefused(@TempDir Path folder) throws IOException {
    String file = Files.createFile(folder.resolve("f")).toString();
    assertEquals(
        new CommandRun(1, "", "open nofile: no such file or directory\n"),
        CommandRun.of("--ca-file", "nofile", "ls"));
    assertEquals(
        new CommandRun(1, "", "KeyFile and CertFile must both be present[key: , cert: nofile]\n"),
        CommandRun.of("--cert-file", "nofile", "ls"));
    assertEquals(
        new CommandRun(1, "", "open nofile: no such file or directory\n"),
        CommandRun.of("--cert-file", "nofile", "--key-file", file, "ls"));
    assertEquals(
        new CommandRun(1, "", "etcdctl: --cert-file is not supported yet\n"),
        CommandRun.of("--cert-file", file, "--key-file", file, "ls"));
    assertEquals(
        new CommandRun(1, "", "etcdctl: --ca-file is not supported yet\n"),
        CommandRun.with("", Map.of("ETCDCTL_CA_FILE", file), "ls"));
  }
}
