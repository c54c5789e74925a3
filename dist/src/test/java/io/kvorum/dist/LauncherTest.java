// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.ProcessFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of the distribution as files: from any place, and nothing but themselves. */
class LauncherTest {
  private static final Path HOME =
      Path.of(System.getProperty("kvorum.dist", "target/kvorum")).toAbsolutePath();

  private static final CommandResult VERSION = new CommandResult(0, "etcdctl version 2.3.7\n", "");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void aProgramRunsFromAnyFolderAndSaysNothingElse() {
    assertEquals(VERSION, run(HOME.resolve("bin/etcdctl").toString(), "--version"));
  }

  @Test
  void aProgramRunsByARelativeNameAndThroughTheShell() throws IOException {
    Files.createSymbolicLink(folder.resolve("here"), HOME.resolve("bin/etcdctl"));
    assertEquals(VERSION, run("./here", "--version"));
    assertEquals(VERSION, run("sh", "here", "--version"));
  }

  @Test
  void aProgramRunsThroughAChainOfLinks() throws IOException {
    var first = Files.createDirectories(folder.resolve("one")).resolve("ctl");
    Files.createSymbolicLink(first, HOME.resolve("bin/etcdctl"));
    var second = Files.createDirectories(folder.resolve("two")).resolve("ctl");
    Files.createSymbolicLink(second, Path.of("../one/ctl"));
    assertEquals(VERSION, run(second.toString(), "--version"));
  }

  @Test
  void theUnpackedArchiveRunsFromAFolderWithABlankInItsName() throws IOException {
    var place = Files.createDirectories(folder.resolve("a place"));
    assertEquals(0, run("tar", "-xzf", archive().toString(), "-C", place.toString()).exit());
    try (Stream<Path> unpacked = Files.list(place)) {
      var home = unpacked.findFirst().orElseThrow();
      assertEquals(VERSION, run(home.resolve("bin/etcdctl").toString(), "--version"));
    }
  }

  @Test
  void theExitStatusIsTheProgramsOwn() {
    assertEquals(2, run(HOME.resolve("bin/etcd").toString(), "-bogus").exit());
  }

  @Test
  void theProcessOfTheLauncherBecomesTheProgram() {
    try (var member = commands().start(member(), Map.of(), "")) {
      Await.require(
          "the launcher becomes the JVM",
          PATIENCE,
          () -> commandOf(member.pid()).endsWith("/runtime/bin/java"));
    }
  }

  private List<String> member() {
    return List.of(
        HOME.resolve("bin/etcd").toString(),
        "-data-dir=" + folder.resolve("data"),
        "-listen-client-urls=http://127.0.0.1:0",
        "-advertise-client-urls=http://127.0.0.1:0",
        "-listen-peer-urls=http://127.0.0.1:0");
  }

  private static String commandOf(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().command()).orElse("");
  }

  @Test
  void theOtherApiIsTheDefaultOfItsOwnProgram() {
    var asked = run(HOME.resolve("bin/etcdctl3").toString(), "get", "key");
    var default2 = run(HOME.resolve("bin/etcdctl").toString(), "put", "key", "value");
    assertFalse(asked.exit() == 0);
    assertEquals(1, default2.exit());
    assertTrue(default2.output().contains("etcdctl3"), default2.output());
  }

  @Test
  void optionsOfTheUserWinAndMayNameAnotherCollector() {
    var command = List.of(HOME.resolve("bin/etcdctl").toString(), "--version");
    for (var options : List.of("-Xmx64m", "-XX:+UseG1GC", "-XX:+UseZGC -Xmx256m")) {
      var result = commands().run(command, Map.of("KVORUM_JAVA_OPTS", options), "", PATIENCE);
      assertEquals(VERSION, result, options);
    }
  }

  private Commands commands() {
    return new Commands(List.of(), Map.of("KVORUM_JAVA_OPTS", ""), folder);
  }

  private CommandResult run(String... command) {
    return commands().run(List.of(command), Map.of(), "", PATIENCE);
  }

  private static Path archive() throws IOException {
    try (Stream<Path> files = Files.list(HOME.getParent())) {
      return files
          .filter(file -> file.toString().endsWith(".tar.gz"))
          .findFirst()
          .orElseThrow(() -> new ProcessFailure("no archive beside " + HOME));
    }
  }
}
