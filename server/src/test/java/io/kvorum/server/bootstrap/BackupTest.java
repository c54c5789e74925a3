// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.env.RealDisk;
import io.kvorum.env.SystemClock;
import io.kvorum.harness.json.Json;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.HardState;
import io.kvorum.server.apply.Replay;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.MemberIds;
import io.kvorum.server.offline.Backup;
import io.kvorum.server.offline.MemberFolders;
import io.kvorum.server.offline.OfflineFailure;
import io.kvorum.server.storage.engine.RocksEngine;
import io.kvorum.server.storage.engine.RocksLimits;
import io.kvorum.server.storage.log.LogLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code etcdctl backup} makes, and that a cluster of one starts from it. */
class BackupTest {
  private static final List<String> DEFAULT_URLS =
      List.of("http://localhost:7001", "http://localhost:2380");

  @TempDir private Path folder;

  // --- ours ---

  @Test
  void theStoreAndTheLogBehindItAreBothInABackup() {
    Storage source = found(List.of("http://10.0.0.1:2380", "http://10.0.0.2:2380"));
    append(source, 3, "stored", 3);
    source.close();
    Storage again = open("a", false);
    append(again, 4, "logged", 4);
    append(again, 5, "lost", 4);
    again.log().close();
    again.stores().engine().close();
    backup("a");
    Storage forced = open("copy", true);
    requireAlone(again, forced);
    assertEquals(List.of("/1/logged", "/1/stored"), keys(forced));
    forced.close();
    Storage restarted = open("copy", false);
    requireAlone(again, restarted);
    assertEquals(List.of("/1/logged", "/1/stored"), keys(restarted));
    restarted.close();
  }

  @Test
  void aMemberMayBeRunningAndItsFilesStayAsTheyAre() throws IOException {
    Storage running = found(DEFAULT_URLS.subList(1, 2));
    append(running, 2, "flushed", 2);
    Replay.upTo(2, running.log(), running.stores());
    running.stores().engine().flush();
    append(running, 3, "later", 3);
    Map<String, Long> before = files("a");
    backup("a");
    assertEquals(before, files("a"));
    running.close();
    assertEquals(List.of("snap", "wal"), names("copy/member"));
    Storage forced = open("copy", true);
    requireAlone(running, forced);
    assertEquals(List.of("/1/flushed", "/1/later"), keys(forced));
    forced.close();
  }

  @Test
  void anEmptyStoreNeedsNoSnapshot() throws IOException {
    Storage running = found(List.of("http://10.0.0.1:2380"));
    append(running, 2, "first", 2);
    backup("a");
    running.close();
    assertEquals(List.of(), names("copy/member/snap"));
    Storage forced = open("copy", true);
    assertEquals(List.of("/1/first"), keys(forced));
    forced.close();
  }

  // --- what can not be ---

  @Test
  void whatIsMissingIsNamedAndNothingIsMade() throws IOException {
    refused("open " + folder.resolve("a/member/snap") + ": no such file or directory");
    Files.createDirectories(folder.resolve("a/member/snap"));
    refused("open " + folder.resolve("a/member/wal") + ": no such file or directory");
    Files.createDirectories(folder.resolve("a/member/wal"));
    refused("wal: file not found: " + folder.resolve("a/member/wal"));
    assertTrue(Files.notExists(folder.resolve("copy")));
  }

  @Test
  void anotherBackupIsNotOverwritten() {
    found(List.of("http://10.0.0.1:2380")).close();
    backup("a");
    refused("file already exists: there is a log in " + folder.resolve("copy/member/wal"));
  }

  @Test
  void aDamagedLogIsToldWithItsFileAndOffset() throws IOException {
    Storage source = found(List.of("http://10.0.0.1:2380"));
    append(source, 2, "x".repeat(2000), 2);
    source.close();
    Path wal = folder.resolve("a/member/wal/0000000000000000-0000000000000000.wal");
    byte[] bytes = Files.readAllBytes(wal);
    bytes[1000] ^= 1;
    Files.write(wal, bytes);
    OfflineFailure failure = assertThrows(OfflineFailure.class, () -> backup("a"));
    assertTrue(
        String.valueOf(failure.getMessage())
            .contains("0000000000000000-0000000000000000.wal is damaged at byte "),
        failure.getMessage());
    assertTrue(Files.notExists(folder.resolve("copy/member/wal.copying")));
  }

  private void refused(String text) {
    assertEquals(text, assertThrows(OfflineFailure.class, () -> backup("a")).getMessage());
  }

  // --- a genuine directory ---

  @Test
  void aDirectoryOfEtcd237BecomesOneOfOurs() throws Exception {
    Path archive = folder.resolve("datadirs.tar.xz");
    try (InputStream packed =
        Objects.requireNonNull(getClass().getResourceAsStream("datadirs-2.3.7.tar.xz"))) {
      Files.copy(packed, archive);
    }
    var unpacking =
        new ProcessBuilder("tar", "-xJf", archive.toString()).directory(folder.toFile());
    Assumptions.assumeTrue(unpacking.inheritIO().start().waitFor() == 0, "tar or xz is missing");
    Map<String, Long> before = files("m2.etcd");
    backup("m2.etcd");
    assertEquals(before, files("m2.etcd"));
    Storage forced = open("copy", true);
    assertEquals(
        DEFAULT_URLS,
        forced.stores().members().current().members().values().iterator().next().peerUrls());
    List<String> expected = new ArrayList<>();
    String served = Files.readString(folder.resolve("expected-keys.txt"));
    collect(Json.parse(served.substring(served.indexOf('{'))).get("node").orElseThrow(), expected);
    List<String> found = new ArrayList<>();
    collect(node(forced, "/1"), found);
    assertEquals(expected, found);
    forced.close();
  }

  private static void collect(Json node, List<String> into) {
    if (node.isTrue("dir")) {
      node.items("nodes").forEach(child -> collect(child, into));
    } else {
      into.add(
          "%s %s %d %d"
              .formatted(
                  node.string("key").orElseThrow(),
                  node.string("value").orElseThrow(),
                  node.number("createdIndex").orElseThrow(),
                  node.number("modifiedIndex").orElseThrow()));
    }
  }

  private static void collect(NodeView node, List<String> into) {
    node.children().forEach(child -> collect(child, into));
    node.value()
        .ifPresent(
            value ->
                into.add(
                    "%s %s %d %d"
                        .formatted(
                            node.key().utf8().substring(2),
                            value.utf8(),
                            node.createdIndex(),
                            node.modifiedIndex())));
  }

  // --- set-up ---

  private Storage found(List<String> urls) {
    List<Member> founders =
        urls.stream()
            .map(List::of)
            .map(
                own ->
                    new Member(
                        MemberIds.atBootstrap(own, "t"), own.getFirst(), own, List.of(), false))
            .sorted(java.util.Comparator.comparing(Member::id))
            .toList();
    MemberId cluster = MemberIds.ofCluster(founders.stream().map(Member::id).toList());
    dir("a").prepare(new RealDisk());
    Storage.found(place("a"), new Identity(founders.getFirst().id(), cluster, founders));
    return open("a", false);
  }

  private static void append(Storage to, long index, String key, long commit) {
    EntryCodec.Encoded set =
        EntryCodec.encode(
            index, new TreeCommand.Set(Bytes.utf8("/1/" + key), false, Bytes.utf8("x"), 0, false));
    to.log()
        .append(
            List.of(new Entry(EntryType.NORMAL, 2, index, set.data())),
            Optional.of(new HardState(2, 0, commit)));
    to.log().sync();
  }

  private void backup(String name) {
    Backup.make(folders(name), folders("copy"), new SplittableRandom(1));
  }

  private MemberFolders folders(String name) {
    return MemberFolders.of(folder.resolve(name), Optional.empty());
  }

  private Storage open(String name, boolean force) {
    DataDir dir = dir(name);
    dir.prepare(new RealDisk());
    return Storage.open(
        place(name),
        () -> RocksEngine.open(dir.store(), Stores.tables(), RocksLimits.DEFAULT),
        force);
  }

  private DataDir dir(String name) {
    Path root = folder.resolve(name);
    return DataDir.of(
        new MemberConfig.Storage(root, root.resolve("member").resolve("wal"), 10_000, 5, 5));
  }

  private Storage.Place place(String name) {
    return new Storage.Place(dir(name), new RealDisk(), new SystemClock(), LogLimits.DEFAULT);
  }

  private static void requireAlone(Storage before, Storage forced) {
    MemberId self = new MemberId(forced.identity().memberId());
    assertNotEquals(before.identity().memberId(), forced.identity().memberId());
    assertNotEquals(before.identity().clusterId(), forced.identity().clusterId());
    var members = forced.stores().members().current();
    assertEquals(List.of(self), List.copyOf(members.members().keySet()));
    assertEquals(List.of(self.value()), forced.start().confState().voters());
    assertEquals(DEFAULT_URLS, requireNonNull(members.members().get(self)).peerUrls());
  }

  private static List<String> keys(Storage storage) {
    return node(storage, "/1").children().stream().map(child -> child.key().utf8()).toList();
  }

  private static NodeView node(Storage storage, String path) {
    Outcome outcome = storage.stores().tree().view().get(Bytes.utf8(path), true, true);
    return ((Outcome.TreeChanged) outcome).event().node();
  }

  private List<String> names(String below) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(below))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Every file with a number that its content decides. */
  private Map<String, Long> files(String below) throws IOException {
    Map<String, Long> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve(below))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        contents.put(file.toString(), 31L * text.length() + text.hashCode());
      }
    }
    return contents;
  }
}
