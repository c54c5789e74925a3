// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.offline;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.env.Disk;
import io.kvorum.env.DiskFile;
import io.kvorum.env.RealDisk;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.member.MemberIds;
import io.kvorum.server.storage.bolt.CorruptDatabase;
import io.kvorum.server.storage.bolt.DatabaseFile;
import io.kvorum.server.storage.bolt.DatabaseLayout;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.storage.log.LogFailure;
import io.kvorum.server.storage.log.LogIdentity;
import io.kvorum.server.storage.log.LogLimits;
import io.kvorum.server.storage.log.WriteAheadLog;
import io.kvorum.server.storage.snapshot.SnapshotFailure;
import io.kvorum.server.storage.snapshot.SnapshotFiles;
import io.kvorum.server.tree.TreeJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code snapshot restore}: a data directory of a new cluster with the data of a backup, as genuine
 * etcd makes it; genuine etcd starts on it, and ours takes it over.
 *
 * <pre>
 *   backup ── buckets, without members ──▶ member/snap/db
 *   members of the new cluster ──┬──────▶   buckets members and meta there
 *                                ├──────▶ member/snap/TERM-INDEX.snap   v2 tree: nothing but members
 *                                └──────▶ member/wal/   an entry for each, of term 1; mark behind
 * </pre>
 *
 * <p>Every member of the new cluster is restored from the same file with the same members; ids come
 * from addresses and token, so they agree. Nothing is left when it fails.
 */
public final class SnapshotRestore {

  private static final long TERM = 1;

  /**
   * What to make.
   *
   * @param skipHashCheck for a database file that was copied, which has no digest
   * @param cluster peer URLs by name of the member
   * @param bumpRevision how far to move the revision ahead; 0 to leave it
   * @param markCompacted whether what is before the new revision counts as compacted
   */
  public record Order(
      Path snapshot,
      boolean skipHashCheck,
      String name,
      Map<String, List<String>> cluster,
      String token,
      List<String> advertised,
      long bumpRevision,
      boolean markCompacted) {}

  private record Founder(MemberId id, String name, List<String> peerUrls) {}

  private final Order order;
  private final Path dataDir;
  private final MemberFolders to;
  private final Disk disk = new RealDisk();

  private SnapshotRestore(Order order, Path dataDir, MemberFolders to) {
    this.order = order;
    this.dataDir = dataDir;
    this.to = to;
  }

  /**
   * Makes the directory, durable when this returns. Blocks.
   *
   * @throws OfflineFailure in etcd's words where it has some
   */
  public static void make(Order order, Path dataDir, MemberFolders to) {
    new SnapshotRestore(order, dataDir, to).run();
  }

  private void run() {
    List<Founder> founders = founders();
    requireEmpty();
    if (!Files.exists(order.snapshot())) {
      throw new OfflineFailure("open " + order.snapshot() + ": no such file or directory");
    }
    if (!order.skipHashCheck()) {
      SnapshotDigest.check(order.snapshot());
    }
    try (DatabaseFile file = DatabaseFile.open(disk, order.snapshot())) {
      write(file, founders);
    } catch (CorruptDatabase | LogFailure | SnapshotFailure failure) {
      throw new OfflineFailure(String.valueOf(failure.getMessage()), failure);
    } catch (IOException | UncheckedIOException failure) {
      throw new OfflineFailure("can not restore: " + failure.getMessage(), failure);
    }
  }

  private List<Founder> founders() {
    List<String> own = order.cluster().getOrDefault(order.name(), List.of());
    if (own.isEmpty()) {
      throw new OfflineFailure(
          "couldn't find local name \"%s\" in the initial cluster configuration"
              .formatted(order.name()));
    }
    if (!List.copyOf(own.stream().sorted().toList())
        .equals(order.advertised().stream().sorted().toList())) {
      throw new OfflineFailure(
          "--initial-cluster has %s=%s but missing from --initial-advertise-peer-urls=%s"
              .formatted(
                  order.name(), String.join(",", own), String.join(",", order.advertised())));
    }
    List<Founder> founders = new ArrayList<>();
    order
        .cluster()
        .forEach(
            (name, urls) ->
                founders.add(new Founder(MemberIds.atBootstrap(urls, order.token()), name, urls)));
    founders.sort(Comparator.comparing(Founder::id));
    return founders;
  }

  private void requireEmpty() {
    try {
      if (Files.exists(dataDir)) {
        try (Stream<Path> content = Files.list(dataDir)) {
          if (content.findAny().isPresent()) {
            throw new OfflineFailure("data-dir \"" + dataDir + "\" not empty or could not be read");
          }
        }
      }
      if (WriteAheadLog.exists(disk, to.wal())) {
        throw new OfflineFailure("wal-dir \"" + to.wal() + "\" not empty");
      }
    } catch (IOException failure) {
      throw new OfflineFailure(
          "data-dir \"" + dataDir + "\" not empty or could not be read", failure);
    }
  }

  private void write(DatabaseFile source, List<Founder> founders) throws IOException {
    MemberId cluster = MemberIds.ofCluster(founders.stream().map(Founder::id).toList());
    MemberId self = MemberIds.atBootstrap(order.advertised(), order.token());
    LogPosition position = new LogPosition(TERM, founders.size());
    ConfState voters =
        new ConfState(
            founders.stream().map(founder -> founder.id().value()).toList(),
            List.of(),
            List.of(),
            List.of(),
            false);
    List<Entry> entries = new ArrayList<>();
    try (MemoryEngine engine = new MemoryEngine(Stores.tables())) {
      Stores stores = Stores.open(engine, cluster, self);
      for (Founder founder : founders) {
        MemberCommand.Add add =
            new MemberCommand.Add(founder.id(), founder.peerUrls(), founder.name(), false);
        EntryCodec.Encoded encoded = EntryCodec.encode(0, add);
        entries.add(new Entry(encoded.type(), TERM, entries.size() + 1L, encoded.data()));
        Batch batch = new Batch();
        stores
            .members()
            .apply(add, batch)
            .mirror()
            .forEach(mirrored -> stores.tree().apply(mirrored, batch));
        engine.write(batch);
        stores.publishAll();
      }
      SnapshotFiles snapshots = new SnapshotFiles(disk, to.snap());
      writeDatabase(new RestoredBuckets(source, engine, position, order).layout());
      snapshots.save(new SnapshotMetadata(position, voters), tree(stores));
    }
    try (WriteAheadLog log =
        WriteAheadLog.create(
            disk,
            to.wal(),
            new LogIdentity(self.value(), cluster.value()),
            LogLimits.DEFAULT,
            entries,
            new HardState(TERM, self.value(), founders.size()))) {
      log.markSnapshot(position, voters);
      log.sync();
    }
  }

  private static Bytes tree(Stores stores) throws IOException {
    ByteArrayOutputStream state = new ByteArrayOutputStream(1 << 12);
    TreeJson.write(stores.tree().view(), state, 0);
    return Bytes.wrap(state.toByteArray());
  }

  private void writeDatabase(DatabaseLayout layout) throws IOException {
    try (DiskFile file = disk.create(to.snap().resolve("db"))) {
      long[] at = new long[1];
      layout.writeTo(
          bytes -> {
            int length = bytes.remaining();
            file.write(bytes, at[0]);
            at[0] += length;
          });
      file.sync();
    }
    disk.syncDirectory(to.snap());
  }
}
