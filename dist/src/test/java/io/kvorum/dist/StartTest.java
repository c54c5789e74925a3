// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Program;
import io.kvorum.harness.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The newcomer's first command, in a network of its own, because its ports are fixed.
 *
 * <p>The build must be done, which it is when the tests of this module run.
 */
class StartTest {
  private static final Path START = Path.of("../start").toAbsolutePath().normalize();
  private static final String ETCDCTL =
      Path.of("target/kvorum/bin/etcdctl").toAbsolutePath().toString();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;

  @BeforeEach
  void aNetworkOfOnesOwn() {
    var tried = new Commands(List.of(), Map.of(), folder).run("unshare", "--net", "true");
    Assumptions.assumeTrue(tried.exit() == 0, "SKIPPED, no network namespaces: " + tried.output());
  }

  @Test
  void threeMembersStartAndCtrlCStopsThemCleanly() {
    try (var start = start("")) {
      awaitCommands(start);
      var shown = start.stdout();
      for (var name : List.of("kvorum1", "kvorum2", "kvorum3")) {
        assertTrue(shown.contains(name + " is ready: clients http://127.0.0.1:"), shown);
      }
      assertEquals("linux\n", inside(start, ETCDCTL, "set", "os", "linux").stdout());
      assertEquals(3, inside(start, ETCDCTL, "member", "list").stdout().lines().count());
      var members = ProcessHandle.of(start.pid()).orElseThrow().children().toList();
      assertEquals(3, members.size(), members.toString());
      interrupt(start);
      assertTrue(members.stream().noneMatch(ProcessHandle::isAlive), members.toString());
    }
  }

  @Test
  void aSingleMemberFindsItsDataAgain() {
    try (var first = start("--single")) {
      awaitCommands(first);
      assertEquals("linux\n", inside(first, ETCDCTL, "set", "os", "linux").stdout());
      interrupt(first);
    }
    try (var second = start("--single")) {
      awaitCommands(second);
      assertEquals("linux\n", inside(second, ETCDCTL, "get", "os").stdout());
      interrupt(second);
    }
  }

  @Test
  void aPortInUseIsSaidInOneSentence() {
    try (var first = start("--single")) {
      awaitCommands(first);
      var second = inside(first, START.toString(), "--single");
      assertNotEquals(0, second.exit());
      assertTrue(second.stderr().startsWith("Port 2379 on 127.0.0.1 is in use"), second.stderr());
      assertEquals(1, second.stderr().lines().count(), second.stderr());
    }
  }

  @Test
  void anUnknownWordIsAnsweredWithTheUsage() {
    var result = new Commands(List.of(), Map.of(), folder).run(START.toString(), "--bogus");
    assertEquals(1, result.exit());
    assertTrue(result.stdout().contains("./start --single"), result.stdout());
  }

  /** With all of them out of sight, on a tree that has not been built. */
  @Test
  void aMissingJdkIsSaidInOneSentence() throws IOException {
    var mounting =
        new Commands(List.of(), Map.of(), folder)
            .run("unshare", "--mount", "mount", "-t", "tmpfs", "none", folder.toString());
    Assumptions.assumeTrue(
        mounting.exit() == 0, "SKIPPED, mounting needs root: " + mounting.output());
    var script = Files.copy(START, folder.resolve("start"), StandardCopyOption.COPY_ATTRIBUTES);
    var hide =
        "for jdks in /usr/lib/jvm /usr/java /opt/java /opt/jdk*; do"
            + " if [ -d \"$jdks\" ]; then mount -t tmpfs none \"$jdks\" || exit 99; fi; done;"
            + " exec \"$0\"";
    var environment = Map.of("PATH", "/usr/bin:/bin", "HOME", folder.toString(), "JAVA_HOME", "");
    var result =
        new Commands(List.of("unshare", "--mount", "sh", "-c", hide), environment, folder)
            .run(script.toString());
    assertEquals(1, result.exit(), result.output());
    assertTrue(
        result.stderr().startsWith("Kvorum needs a JDK of version 21 or newer"), result.stderr());
    assertEquals(1, result.stderr().lines().count(), result.stderr());
  }

  private Program start(String argument) {
    var script = "ip link set lo up && exec \"$0\" $1";
    return commands()
        .start(
            List.of("unshare", "--net", "sh", "-c", script, START.toString(), argument),
            Map.of(),
            "");
  }

  private Commands commands() {
    return new Commands(
        List.of(), Map.of("KVORUM_DATA", folder.resolve("data").toString()), folder);
  }

  /** Runs a command in the network of the running script. */
  private CommandResult inside(Program start, String... command) {
    var enter = List.of("nsenter", "--net", "--target", Long.toString(start.pid()));
    return new Commands(enter, commands().environment(), folder).run(command);
  }

  private static void awaitCommands(Program start) {
    Await.require(
        "the script shows commands to try", PATIENCE, () -> start.stdout().contains("Ctrl-C"));
  }

  private static void interrupt(Program start) {
    start.signal(Signal.INT);
    assertEquals(0, start.awaitExit(PATIENCE).orElseThrow());
    assertTrue(start.stdout().contains("All members have stopped"), start.stdout());
  }
}
