// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.Member;
import io.kvorum.harness.process.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What keeps a member from starting, or ends it: the exit status, a text that says what to do, no
 * stack trace, and nothing lost.
 */
class BadStartTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final Distribution distribution = DistributionUnderTest.find();
  private final int clientPort = FreePort.find();
  private Path data = Path.of("");

  @BeforeEach
  void place() {
    data = folder.resolve("m1.etcd");
  }

  // --- flags ---

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-bogus|1|flag provided but not defined: -bogus",
        "-force-new-cluster=maybe||invalid boolean value \"maybe\" for -force-new-cluster: parse"
            + " error",
        "-snapshot-count|-1|invalid value \"-1\" for flag -snapshot-count: parse error",
        "-max-wals|many|invalid value \"many\" for flag -max-wals: parse error",
        "-election-timeout|1s|invalid value \"1s\" for flag -election-timeout: parse error",
        "-listen-peer-urls|127.0.0.1:1|invalid value \"127.0.0.1:1\" for flag -listen-peer-urls:"
            + " URL scheme must be http or https: 127.0.0.1:1",
        "-initial-cluster-state|old|invalid value \"old\" for flag -initial-cluster-state: invalid"
            + " value",
        "-cors|a b|invalid value \"a b\" for flag -cors: Invalid CORS origin: parse a b: Illegal"
            + " character in path",
        "-name||flag needs an argument: -name",
      })
  void aFlagThatCanNotBeReadIsStatus2(String flag, String value, String text) {
    CommandResult result =
        value == null ? commands().run(etcd(), flag) : commands().run(etcd(), flag, value);
    assertEquals(2, result.exit());
    assertEquals(text, result.stderr().lines().findFirst().orElse(""));
    assertTrue(result.stderr().contains("\nusage: etcd [flags]\n"), result.stderr());
  }

  @Test
  void aVariableThatCanNotBeReadIsStatus1() {
    CommandResult result =
        commands().run(List.of(etcd()), Map.of("ETCD_SNAPSHOT_COUNT", "some"), "", PATIENCE);
    assertEquals(1, result.exit());
    assertEquals("invalid value \"some\" for ETCD_SNAPSHOT_COUNT: parse error\n", result.stderr());
  }

  // --- folders ---

  @Test
  void aForeignFileIsMentionedAndLeftAlone() throws IOException {
    Files.createDirectories(data);
    Path foreign = Files.writeString(data.resolve("notes.txt"), "mine");
    try (Member member = start()) {
      assertTrue(member.log().contains("found invalid file/dir under data dir"), member.log());
      assertTrue(member.log().contains("notes.txt"), member.log());
      write(member, "a");
      member.stop(Signal.TERM);
    }
    assertEquals("mine", Files.readString(foreign));
  }

  @Test
  void aFileInPlaceOfTheFolderIsRefused() throws IOException {
    Files.writeString(data, "a file");
    refused("cannot access data directory: ");
    assertEquals("a file", Files.readString(data));
  }

  @Test
  void aFolderThatCanOnlyBeReadIsRefused() throws IOException {
    requireNamespaces();
    Files.createDirectories(data);
    CommandResult result = inside("mount -t tmpfs -o ro,size=1m tmpfs " + data);
    requireRefusal(result, "cannot access data directory: ");
    assertTrue(result.stderr().contains("Read-only file system"), result.stderr());
  }

  @Test
  void aDiskThatIsFullAtTheStartIsRefused() throws IOException {
    requireNamespaces();
    Files.createDirectories(data);
    CommandResult result = inside("mount -t tmpfs -o size=64k tmpfs " + data);
    requireRefusal(result, "No space left on device");
  }

  @Test
  void aDiskThatFillsUpEndsTheMemberWithItsName() throws IOException {
    requireNamespaces();
    Files.createDirectories(data);
    List<String> command = new ArrayList<>(mounting("mount -t tmpfs -o size=24m tmpfs " + data));
    command.addAll(arguments());
    try (Member member = member(command)) {
      member.start();
      member.awaitReady(PATIENCE);
      String value = "x".repeat(200_000);
      Await.require("the disk is full", PATIENCE, () -> !isWritten(member, value));
      assertEquals(Optional.of(1), member.awaitExit(PATIENCE), member.story());
      String log = member.log();
      assertTrue(log.contains("No space left on device"), log);
      requireNoTrace(log);
    }
  }

  // --- the log ---

  @Test
  void damageInTheMiddleOfTheLogIsNamedAndNothingIsTouched() throws IOException {
    try (Member member = start()) {
      write(member, "before");
      write(member, "x".repeat(3000));
      write(member, "after");
      member.stop(Signal.TERM);
    }
    Path wal = segment();
    byte[] bytes = Files.readAllBytes(wal);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("xxxx") + 1000;
    bytes[at] ^= 4;
    Files.write(wal, bytes);
    CommandResult result = refused(wal + " is damaged at byte ");
    assertTrue(result.stderr().contains("does not match its checksum"), result.stderr());
    assertTrue(result.stderr().contains("remove it from the cluster"), result.stderr());
    assertEquals(-1, Arrays.mismatch(bytes, Files.readAllBytes(wal)));
    bytes[at] ^= 4;
    Files.write(wal, bytes);
    try (Member member = start()) {
      assertEquals("after", value(member));
    }
  }

  @Test
  void aRecordThatACrashCutShortIsCutOffAndKeptAside() throws IOException {
    try (Member member = start()) {
      write(member, "before");
      write(member, "x".repeat(3000));
      member.stop(Signal.KILL);
    }
    Path wal = segment();
    byte[] bytes = Files.readAllBytes(wal);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("xxxx") + 512;
    Arrays.fill(bytes, at, bytes.length, (byte) 0);
    Files.write(wal, bytes);
    try (Member member = start()) {
      assertTrue(member.log().contains("cut off a write that a crash left unfinished"));
      assertTrue(Files.exists(wal.resolveSibling(wal.getFileName() + ".broken")));
      assertEquals("before", value(member));
      write(member, "again");
    }
  }

  @Test
  void aLastRecordWithAWrongBitIsNotTakenForAnUnfinishedOne() throws IOException {
    try (Member member = start()) {
      write(member, "last".repeat(100));
      member.stop(Signal.KILL);
    }
    Path wal = segment();
    byte[] bytes = Files.readAllBytes(wal);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("lastlast");
    bytes[at] ^= 1;
    Files.write(wal, bytes);
    refused(wal + " is damaged at byte ");
  }

  // --- the member ---

  private CommandResult refused(String text) {
    List<String> command = new ArrayList<>(List.of(etcd()));
    command.addAll(arguments());
    CommandResult result = commands().run(command, Map.of(), "", PATIENCE);
    requireRefusal(result, text);
    return result;
  }

  private static void requireRefusal(CommandResult result, String text) {
    assertEquals(1, result.exit(), result.stderr());
    assertTrue(result.stderr().contains(text), result.stderr());
    requireNoTrace(result.stderr());
  }

  private static void requireNoTrace(String log) {
    assertFalse(log.contains("stacktrace") || log.contains("\\tat "), log);
  }

  private CommandResult inside(String mount) {
    List<String> command = new ArrayList<>(mounting(mount));
    command.addAll(arguments());
    return commands().run(command, Map.of(), "", PATIENCE);
  }

  /** The program in a view of the file system of its own, with something mounted in it. */
  private List<String> mounting(String mount) {
    return List.of("unshare", "--mount", "sh", "-c", mount + " && exec \"$0\" \"$@\"", etcd());
  }

  private void requireNamespaces() {
    CommandResult tried =
        commands().run("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", folder.toString());
    if (tried.exit() != 0) {
      System.err.println("##### SKIPPED, mounting needs root: " + tried.stderr());
    }
    Assumptions.assumeTrue(tried.exit() == 0, "SKIPPED, mounting needs root: " + tried.stderr());
  }

  private Member start() {
    List<String> command = new ArrayList<>(List.of(etcd()));
    command.addAll(arguments());
    Member member = member(command);
    member.start();
    member.awaitReady(PATIENCE);
    return member;
  }

  private Member member(List<String> command) {
    return new Member(
        "m1", command, Map.of(), folder, new InetSocketAddress("127.0.0.1", clientPort));
  }

  private List<String> arguments() {
    String client = "http://127.0.0.1:" + clientPort;
    List<String> arguments = new ArrayList<>(distribution.etcdArguments());
    arguments.addAll(
        List.of(
            "--name", "m1",
            "--data-dir", data.toString(),
            "--listen-client-urls", client,
            "--advertise-client-urls", client,
            "--listen-peer-urls", "http://127.0.0.1:0",
            "--initial-advertise-peer-urls", "http://127.0.0.1:1",
            "--initial-cluster", "m1=http://127.0.0.1:1"));
    return arguments;
  }

  private String etcd() {
    return distribution.etcd().toString();
  }

  private Commands commands() {
    return new Commands(List.of(), Map.of(), folder);
  }

  private Path segment() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("member").resolve("wal"))) {
      return files.filter(file -> file.toString().endsWith(".wal")).findFirst().orElseThrow();
    }
  }

  private static void write(Member member, String value) {
    int status = V2.send(member, "PUT", "/v2/keys/k", List.of(V2.FORM), "value=" + value).status();
    assertTrue(status == 200 || status == 201, "status " + status);
  }

  private static boolean isWritten(Member member, String value) {
    try {
      HttpReply reply =
          V2.send(
              member, "PUT", "/v2/keys/" + System.nanoTime(), List.of(V2.FORM), "value=" + value);
      return reply.status() < 300;
    } catch (UncheckedIOException gone) {
      return false;
    }
  }

  private static String value(Member member) {
    return V2.keys(200, member, "GET", "/k", "")
        .get("node")
        .flatMap(node -> node.string("value"))
        .orElseThrow();
  }
}
