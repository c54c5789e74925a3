// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.Bytes;
import io.kvorum.env.CrashDisk;
import io.kvorum.env.VirtualWorld;
import io.kvorum.raft.RaftConfig;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.apply.ApplyLoop;
import io.kvorum.server.apply.Audience;
import io.kvorum.server.apply.HistoryCleaner;
import io.kvorum.server.apply.StoreMeta;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.base.Limits;
import io.kvorum.server.consensus.Consensus;
import io.kvorum.server.consensus.PeerTransport;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.storage.log.LogLimits;
import io.kvorum.server.tree.TreeJson;
import io.kvorum.server.watch.KeyspaceAudience;
import io.kvorum.server.watch.TreeWatches;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One member as bootstrap builds it, from the log's file format up to the v2 tree, on a disk and in
 * a time that the test owns. A crash takes what was not synced from the disk and what was not
 * flushed from the store.
 */
final class SimulatedMember {

  static final Duration TICK = Duration.ofMillis(100);
  static final Duration ELECTION = Duration.ofMillis(1000);

  /** So small that snapshots, releases and catching up by snapshot happen all the time. */
  private static final int ENTRIES_PER_FLUSH = 60;

  private static final int ENTRIES_KEPT = 20;
  private static final LogLimits LOG_LIMITS = new LogLimits(8_192, 1_024, 4_096, ENTRIES_KEPT);
  private static final DataDir DIR =
      new DataDir(
          Path.of("/data"),
          Path.of("/data/member/wal"),
          Path.of("/data/member/snap"),
          Path.of("/data/member/store"));

  private final VirtualWorld world;
  private final RandomGenerator random;
  private final Identity identity;
  private final PeerTransport peers;
  private CrashDisk disk;
  private MemoryEngine engine = new MemoryEngine(Stores.tables());
  private @Nullable Running running;

  /** What is lost in a crash. */
  record Running(
      VirtualWorld.Machine machine,
      Storage storage,
      Consensus consensus,
      TreeWatches watches,
      ApplyLoop apply) {}

  SimulatedMember(
      VirtualWorld world, RandomGenerator random, Identity identity, PeerTransport peers) {
    this.world = world;
    this.random = random;
    this.identity = identity;
    this.peers = peers;
    disk = new CrashDisk();
    DIR.prepare(disk);
    makeStoreFolder(disk);
    Storage.found(place(), identity);
  }

  /** The engine is in memory; on a real disk its folder would be there. */
  static void makeStoreFolder(CrashDisk disk) {
    try {
      disk.createDirectories(DIR.store());
      disk.syncDirectory(Path.of("/data/member"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  long id() {
    return identity.member().value();
  }

  boolean isRunning() {
    return running != null;
  }

  Running running() {
    Running now = running;
    if (now == null) {
      throw new IllegalStateException("member " + identity.member() + " is down");
    }
    return now;
  }

  void start() {
    VirtualWorld.Machine machine = world.new Machine();
    Storage storage = Storage.open(place(), () -> engine, false);
    Limits usual = Limits.of(ELECTION);
    Consensus consensus =
        new Consensus(
            new Consensus.Parts(
                RaftConfig.of(id()),
                storage.start(),
                storage.lastOwnRequestId(),
                storage.log(),
                storage.snapshots(),
                random),
            new Consensus.Runtime(machine, machine, world, SimulatedMember::fail),
            new Consensus.Timings(
                TICK,
                ELECTION,
                new Limits(
                    usual.requestTime(),
                    usual.requestsMax(),
                    usual.requestBytesMax(),
                    usual.inboxItemsMax(),
                    usual.applyBytesAhead(),
                    4_096,
                    ENTRIES_KEPT)));
    AppliedDoor door = new AppliedDoor();
    TreeWatches watches = new TreeWatches(storage.stores().tree().view());
    ApplyLoop apply =
        new ApplyLoop(
            storage.stores(),
            storage.desk(),
            new Audience(
                door,
                watches,
                KeyspaceAudience.NOBODY,
                leases -> {},
                changes -> {},
                membership -> {},
                due -> flush(consensus, due)),
            new ApplyLoop.Pace(ENTRIES_PER_FLUSH, HistoryCleaner.Pace.DEFAULT),
            new ApplyLoop.Runtime(machine, machine, SimulatedMember::fail));
    consensus.start(peers, apply);
    door.open(consensus.appliedListener());
    running = new Running(machine, storage, consensus, watches, apply);
  }

  private void flush(Consensus consensus, SnapshotMetadata due) {
    engine.flush();
    consensus.snapshotTaken(due);
  }

  /** Loses power. */
  void crash() {
    running().machine.crash();
    running = null;
    disk = disk.crash(random);
    engine = engine.crash(random);
  }

  /** The whole v2 state as bytes, and the position it stands for. */
  String state() {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try {
      TreeJson.write(running().storage.stores().tree().view(), json, 0);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    String text = Bytes.wrap(json.toByteArray()).utf8();
    return StoreMeta.position(engine) + text.substring(0, text.indexOf("\"Stats\""));
  }

  private Storage.Place place() {
    return new Storage.Place(DIR, disk, world, LOG_LIMITS);
  }

  private static void fail(Throwable cause) {
    throw new IllegalStateException("a worker failed", cause);
  }
}
