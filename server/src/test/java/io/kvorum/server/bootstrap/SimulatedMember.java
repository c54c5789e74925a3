// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.Bytes;
import io.kvorum.env.CrashDisk;
import io.kvorum.env.VirtualWorld;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.RaftConfig;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.apply.ApplyLoop;
import io.kvorum.server.apply.Audience;
import io.kvorum.server.apply.HistoryCleaner;
import io.kvorum.server.apply.StoreMeta;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.base.Limits;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.consensus.AppliedListener;
import io.kvorum.server.consensus.Consensus;
import io.kvorum.server.consensus.PeerTransport;
import io.kvorum.server.consensus.StateForPeer;
import io.kvorum.server.consensus.StateMachine;
import io.kvorum.server.duty.ExpiryDuty;
import io.kvorum.server.lease.LeaseAuthority;
import io.kvorum.server.lease.Lessor;
import io.kvorum.server.lease.Pace;
import io.kvorum.server.member.Membership;
import io.kvorum.server.request.BackgroundWork;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.storage.log.LogLimits;
import io.kvorum.server.tree.TreeJson;
import io.kvorum.server.watch.KeyspaceAudience;
import io.kvorum.server.watch.KeyspaceWatches;
import io.kvorum.server.watch.TreeWatches;
import io.kvorum.server.watch.WatchLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
  private static final WatchLimits WATCH_LIMITS =
      new WatchLimits(64, 8_000, 8, 10, 1_000, 20, 2_000, 100);
  private static final LogLimits LOG_LIMITS = new LogLimits(8_192, 1_024, 4_096, ENTRIES_KEPT);
  private static final DataDir DIR =
      new DataDir(
          Path.of("/data"),
          Path.of("/data/member/wal"),
          Path.of("/data/member/snap"),
          Path.of("/data/member/store"));

  /** Who is told what a member does. */
  interface Observer {

    /** Where nobody looks: a failure ends the run. */
    Observer NOBODY =
        new Observer() {
          @Override
          public void committed(List<Entry> entries) {}

          @Override
          public void answered(List<AppliedListener.Answer> answers) {}

          @Override
          public void membership(Membership membership) {}

          @Override
          public void changed(List<KeyEvent> events) {}

          @Override
          public void flushed() {}

          @Override
          public void failed(Throwable cause) {
            throw new IllegalStateException("a worker failed", cause);
          }
        };

    void committed(List<Entry> entries);

    void answered(List<AppliedListener.Answer> answers);

    void membership(Membership membership);

    /** What a round changed in the v3 keyspace. */
    void changed(List<KeyEvent> events);

    void flushed();

    /** A worker gave up; a real member ends then. */
    void failed(Throwable cause);
  }

  private final VirtualWorld world;
  private final RandomGenerator random;
  private final Identity identity;
  private final PeerTransport peers;
  private final SkewedClock clock;
  private final Observer observer;
  private CrashDisk disk;
  private MemoryEngine engine = new MemoryEngine(Stores.tables());
  private @Nullable Running running;

  private KeyspaceAudience observed(KeyspaceAudience audience) {
    return new KeyspaceAudience() {
      @Override
      public void changed(List<KeyEvent> events) {
        observer.changed(events);
        audience.changed(events);
      }

      @Override
      public void replaced() {
        audience.replaced();
      }
    };
  }

  /** What is lost in a crash. */
  record Running(
      VirtualWorld.Machine machine,
      Storage storage,
      Consensus consensus,
      TreeWatches watches,
      KeyspaceWatches keyspaceWatches,
      ApplyLoop apply,
      Lessor lessor) {}

  SimulatedMember(
      VirtualWorld world, RandomGenerator random, Identity identity, PeerTransport peers) {
    this(world, random, identity, peers, Observer.NOBODY);
  }

  SimulatedMember(
      VirtualWorld world,
      RandomGenerator random,
      Identity identity,
      PeerTransport peers,
      Observer observer) {
    this.observer = observer;
    clock = new SkewedClock(world);
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
            new Consensus.Runtime(machine, machine, clock, observer::failed),
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
    Lessor lessor =
        new Lessor(
            storage.stores().leases(),
            new LeaderAuthority(
                consensus.facts(),
                consensus.leaderProposals(),
                storage.stores(),
                Optional.of(true),
                () -> LeaseAuthority.Checkpoints.WRITTEN),
            Pace.of(ELECTION),
            clock,
            machine,
            machine,
            observer::failed);
    AppliedDoor door = new AppliedDoor();
    TreeWatches watches = new TreeWatches(storage.stores().tree().view());
    KeyspaceWatches keyspaceWatches =
        new KeyspaceWatches(
            WATCH_LIMITS, storage.stores().keyspace()::read, machine, observer::failed);
    ApplyLoop apply =
        new ApplyLoop(
            storage.stores(),
            storage.desk(),
            new Audience(
                door,
                watches,
                observed(keyspaceWatches),
                lessor::changed,
                changes -> {},
                observer::membership,
                due -> flush(consensus, due)),
            new ApplyLoop.Pace(ENTRIES_PER_FLUSH, HistoryCleaner.Pace.DEFAULT),
            new ApplyLoop.Runtime(machine, machine, observer::failed));
    consensus.start(peers, observed(apply));
    door.open(observed(consensus.appliedListener()));
    running = new Running(machine, storage, consensus, watches, keyspaceWatches, apply, lessor);
    new ExpiryDuty(
            new BackgroundWork(
                consensus.proposals(), consensus.facts(), storage.stores().members()),
            clock,
            () -> storage.stores().tree().view().earliestDeadline())
        .start(machine);
  }

  private StateMachine observed(StateMachine apply) {
    return new StateMachine() {
      @Override
      public void commit(List<Entry> entries) {
        observer.committed(entries);
        apply.commit(entries);
      }

      @Override
      public void install(SnapshotMetadata snapshot) {
        apply.install(snapshot);
      }

      @Override
      public void prepareSnapshot(long peer) {
        apply.prepareSnapshot(peer);
      }
    };
  }

  private AppliedListener observed(AppliedListener consensus) {
    return new AppliedListener() {
      @Override
      public void applied(LogPosition last, List<Answer> answers) {
        observer.answered(answers);
        consensus.applied(last, answers);
      }

      @Override
      public void configurationApplied(long index, ConfState confState) {
        consensus.configurationApplied(index, confState);
      }

      @Override
      public void snapshotInstalled(LogPosition position) {
        consensus.snapshotInstalled(position);
      }

      @Override
      public void snapshotPrepared(long peer, SnapshotMetadata snapshot, StateForPeer state) {
        consensus.snapshotPrepared(peer, snapshot, state);
      }
    };
  }

  private void flush(Consensus consensus, SnapshotMetadata due) {
    engine.flush();
    consensus.snapshotTaken(due);
    observer.flushed();
  }

  /** Loses power. */
  void crash() {
    running().machine.crash();
    running = null;
    disk = disk.crash(random);
    engine = engine.crash(random);
  }

  /** The log index that the store reflects. */
  long position() {
    return StoreMeta.position(engine).index();
  }

  CrashDisk disk() {
    return disk;
  }

  SkewedClock clock() {
    return clock;
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
    return StoreMeta.position(engine)
        + " "
        + running().storage.stores().keyspace().read(view -> view.hash(0))
        + text.substring(0, text.indexOf("\"Stats\""));
  }

  private Storage.Place place() {
    return new Storage.Place(DIR, disk, clock, LOG_LIMITS);
  }
}
