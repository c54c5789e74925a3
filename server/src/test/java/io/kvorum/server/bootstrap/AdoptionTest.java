// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.JsonReader;
import io.kvorum.env.RealDisk;
import io.kvorum.env.SystemClock;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.LogPosition;
import io.kvorum.server.apply.StoreMeta;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.command.Alarm;
import io.kvorum.server.command.AlarmCommand;
import io.kvorum.server.command.KeyspaceResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.StorePath;
import io.kvorum.server.lease.Lease;
import io.kvorum.server.member.Membership;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.storage.bolt.DatabaseLayout;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.storage.log.LogLimits;
import io.kvorum.server.storage.snapshot.DatabaseExport;
import io.kvorum.server.tree.TreeView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Data directories that genuine members left, with what they answered to a recursive read just
 * before. The logs are cut behind their used part, which in 3.4.23 is 64 MB of zeros.
 */
class AdoptionTest {

  @TempDir private Path folder = Path.of("");

  private final MemoryEngine engine = new MemoryEngine(Stores.tables());

  @Test
  void aDirectoryOf237IsGoneOnWith() throws IOException {
    requireTakenOver("genuine-2.3.7.zip", 264, "2.3.0", 3);
  }

  @Test
  void aDirectoryOf3423IsGoneOnWithAlsoAfterAKill() throws IOException {
    requireTakenOver("genuine-3.4.23.zip", 157, "3.4.0", 1);
  }

  private void requireTakenOver(String name, long index, String version, int members)
      throws IOException {
    unpack(name);
    Map<String, Integer> before = files();
    Storage storage = Storage.open(place(), () -> engine, false);
    TreeView view = storage.stores().tree().view();
    assertEquals(index, view.index());
    Map<String, Node> expected = expectedNodes();
    assertTrue(expected.size() > 40, "nodes in the recording");
    expected.forEach((path, node) -> assertEquals(node, node(view, path), path));
    Membership membership = storage.stores().members().current();
    assertEquals(Optional.of(version), membership.clusterVersion());
    assertEquals(members, membership.members().size());
    assertTrue(membership.members().containsKey(membership.localId()));
    LogPosition last = StoreMeta.position(engine);
    storage.close();
    before.keySet().removeIf(file -> file.endsWith(".wal"));
    Map<String, Integer> after = files();
    before.forEach((file, content) -> assertEquals(content, after.get(file), file));

    // Again, as after a crash that took the store.
    MemoryEngine lost = new MemoryEngine(Stores.tables());
    Storage again = Storage.open(place(), () -> lost, false);
    assertEquals(last, StoreMeta.position(lost));
    assertEquals(index, again.stores().tree().view().index());
    again.close();
  }

  /** As the member said that was killed there: 3.4.23, whose database lagged behind its log. */
  @Test
  void theV3KeyspaceOf3423IsGoneOnWithAlsoAfterAKill() throws IOException {
    unpack("genuine-3.4.23-keyspace.zip");
    Storage storage = Storage.open(place(), () -> engine, false);
    requireRecordedKeyspace(storage.stores());
    storage.close();

    // Its snapshot lies far behind the database; after another crash, all is found again.
    MemoryEngine fallen = engine.crash();
    Storage again = Storage.open(place(), () -> fallen, false);
    requireRecordedKeyspace(again.stores());
    again.close();
  }

  @Test
  void withoutSnapshotsTheV3KeyspaceIsReadFromTheBeginning() throws IOException {
    unpack("genuine-3.4.23-keyspace.zip");
    deleteSnapshots();
    Storage storage = Storage.open(place(), () -> engine, false);
    requireRecordedKeyspace(storage.stores());
    storage.close();
  }

  private static void requireRecordedKeyspace(Stores stores) {
    assertEquals(
        new Outcome.Keyspace(new KeyspaceResult.Hash(135, 545665380, 40, 135)),
        stores.keyspace().read(view -> view.hash(0)));
    assertEquals(List.of(new Alarm(77, AlarmCommand.NO_SPACE)), stores.alarms().current());
    assertEquals("1", node(stores.tree().view(), "/a").value());
  }

  @Test
  void aDatabaseBehindItsSnapshotIsRefused() throws IOException {
    unpack("genuine-3.4.23-keyspace.zip");
    Batch batch = new Batch();
    batch.put(Keyspace.RECORDS, Bytes.utf8("0000000010000000a"), Bytes.utf8("not looked at"));
    engine.write(batch);
    DatabaseLayout old =
        DatabaseExport.layout(
            engine,
            Set.of(Keyspace.RECORDS),
            new DatabaseExport.Position(new LogPosition(2, 51), ConfState.EMPTY, 0));
    try (FileChannel file =
        FileChannel.open(
            folder.resolve("member/snap/db"),
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      old.writeTo(file::write);
    }
    String said = requireRefused();
    assertTrue(said.contains("reflects the log up to 51, the snapshot beside it up to 102"), said);
  }

  @Test
  void leasesAreTakenOverWithTheirKeys() throws IOException {
    unpack("genuine-3.4.23-v3.zip");
    requireRecordedLease();
  }

  @Test
  void leasesInTheLogAloneAreToo() throws IOException {
    unpack("genuine-3.4.23-v3.zip");
    Files.delete(folder.resolve("member/snap/db"));
    requireRecordedLease();
  }

  private void requireRecordedLease() {
    Storage storage = Storage.open(place(), () -> engine, false);
    List<Lease> leases = new ArrayList<>();
    storage.stores().leases().forEach(leases::add);
    assertEquals(List.of(new Lease(7246751405472070058L, 315_360_000, 0)), leases);
    assertEquals(
        List.of(Bytes.utf8("leased")),
        storage.stores().keyspace().read(view -> view.attached(leases.getFirst().id())));
    storage.close();
  }

  @Test
  void aDamagedDatabaseIsRefused() throws IOException {
    unpack("genuine-3.4.23.zip");
    Path database = folder.resolve("member/snap/db");
    Files.write(database, Arrays.copyOf(Files.readAllBytes(database), 9000));
    String said = requireRefused();
    assertTrue(said.contains("damaged database") && said.contains("cut off"), said);
  }

  @Test
  void withoutItsSnapshotsItIsReadFromTheBeginning() throws IOException {
    unpack("genuine-3.4.23.zip");
    deleteSnapshots();
    Storage storage = Storage.open(place(), () -> engine, false);
    assertEquals(157, storage.stores().tree().view().index());
    storage.close();
  }

  @Test
  void anUnreadableSnapshotIsPassedOverForAnOlderOne() throws IOException {
    unpack("genuine-3.4.23.zip");
    Path newest = folder.resolve("member/snap/0000000000000002-000000000000007a.snap");
    byte[] content = Files.readAllBytes(newest);
    content[2000] ^= 1;
    Files.write(newest, content);
    Storage storage = Storage.open(place(), () -> engine, false);
    assertEquals(157, storage.stores().tree().view().index());
    storage.close();
  }

  private void deleteSnapshots() throws IOException {
    try (Stream<Path> snapshots = Files.list(folder.resolve("member/snap"))) {
      for (Path file : snapshots.filter(path -> path.toString().endsWith(".snap")).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Returns what is said; nothing may be changed. */
  private String requireRefused() throws IOException {
    Map<String, Integer> before = files();
    StartFailure refused =
        assertThrows(StartFailure.class, () -> Storage.open(place(), () -> engine, false));
    assertEquals(before, files());
    assertEquals(0, StoreMeta.position(engine).index());
    return String.valueOf(refused.getMessage());
  }

  private Storage.Place place() {
    return new Storage.Place(
        new DataDir(
            folder,
            folder.resolve("member/wal"),
            folder.resolve("member/snap"),
            folder.resolve("member/store")),
        new RealDisk(),
        new SystemClock(),
        LogLimits.DEFAULT);
  }

  private void unpack(String name) throws IOException {
    try (InputStream in =
            Objects.requireNonNull(AdoptionTest.class.getResourceAsStream(name), name);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = folder.resolve(entry.getName());
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, zip.readAllBytes());
      }
    }
  }

  private Map<String, Integer> files() throws IOException {
    Map<String, Integer> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        contents.put(folder.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  private record Node(String value, long modified, long created) {}

  private static Node node(TreeView view, String path) {
    Outcome.TreeChanged found =
        assertInstanceOf(
            Outcome.TreeChanged.class,
            view.get(StorePath.clean(Bytes.utf8("/1" + path)), false, false),
            path);
    var node = found.event().node();
    return new Node(
        node.value().map(Bytes::utf8).orElse(""), node.modifiedIndex(), node.createdIndex());
  }

  /** All nodes of the recorded answer, by their paths. */
  private Map<String, Node> expectedNodes() throws IOException {
    String recorded = Files.readString(folder.resolve("expected-keys.txt"));
    String body = recorded.substring(recorded.indexOf("\n{") + 1).strip();
    Map<String, Node> nodes = new HashMap<>();
    JsonReader json = new JsonReader(Bytes.utf8(body));
    json.beginObject();
    while (json.nextMember()) {
      if (json.name().equals("node")) {
        read(json, nodes);
      } else {
        json.skip();
      }
    }
    return nodes;
  }

  private static void read(JsonReader json, Map<String, Node> nodes) {
    String key = "";
    String value = "";
    long modified = 0;
    long created = 0;
    json.beginObject();
    while (json.nextMember()) {
      switch (json.name()) {
        case "key" -> key = json.text();
        case "value" -> value = json.text();
        case "modifiedIndex" -> modified = json.unsigned();
        case "createdIndex" -> created = json.unsigned();
        case "nodes" -> {
          json.beginArray();
          while (json.nextElement()) {
            read(json, nodes);
          }
        }
        default -> json.skip();
      }
    }
    if (!key.isEmpty()) {
      nodes.put(key, new Node(value, modified, created));
    }
  }
}
