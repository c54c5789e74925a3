// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import io.kvorum.env.Disk;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.raft.StartState;
import io.kvorum.server.apply.Replay;
import io.kvorum.server.apply.SnapshotDesk;
import io.kvorum.server.apply.StoreMeta;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.consensus.RequestIds;
import io.kvorum.server.member.Member;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.EngineFailure;
import io.kvorum.server.storage.log.CorruptLog;
import io.kvorum.server.storage.log.LockedLog;
import io.kvorum.server.storage.log.LogFailure;
import io.kvorum.server.storage.log.LogIdentity;
import io.kvorum.server.storage.log.LogLimits;
import io.kvorum.server.storage.log.Opened;
import io.kvorum.server.storage.log.SnapshotMark;
import io.kvorum.server.storage.log.WriteAheadLog;
import io.kvorum.server.storage.snapshot.SnapshotFailure;
import io.kvorum.server.storage.snapshot.SnapshotFiles;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member has on disk, opened and brought together: the log, the store that reflects a prefix
 * of it, received snapshots.
 *
 * <p>Opening: a received snapshot that the store does not have yet is installed first; then the log
 * is opened behind the store's position; then everything known committed is applied. The log's lock
 * is taken before anything is changed.
 */
record Storage(
    WriteAheadLog log,
    SnapshotFiles snapshots,
    SnapshotDesk desk,
    Stores stores,
    LogIdentity identity,
    StartState start,
    long lastOwnRequestId) {

  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);

  /**
   * Where it lies and what tells the time.
   *
   * @param leaseSecondsMin the shortest time of a lease
   */
  record Place(DataDir dir, Disk disk, Clock clock, LogLimits logLimits, long leaseSecondsMin) {

    /** With the shortest lease of etcd's default of an election timeout. */
    Place(DataDir dir, Disk disk, Clock clock, LogLimits logLimits) {
      this(dir, disk, clock, logLimits, 2);
    }

    boolean hasLog() {
      return WriteAheadLog.exists(disk, dir.wal());
    }
  }

  /** Writes the log of a new member: its identity and the founders' configuration entries. */
  static void found(Place place, Identity identity) {
    LogIdentity owner = new LogIdentity(identity.member().value(), identity.cluster().value());
    List<Entry> entries = new ArrayList<>();
    for (Member founder : identity.founders()) {
      EntryCodec.Encoded encoded =
          EntryCodec.encode(
              0,
              new MemberCommand.Add(
                  founder.id(), founder.peerUrls(), founder.name(), founder.learner()));
      entries.add(new Entry(encoded.type(), 1, entries.size() + 1L, encoded.data()));
    }
    HardState state = entries.isEmpty() ? HardState.EMPTY : new HardState(1, 0, entries.size());
    try {
      WriteAheadLog.create(
              place.disk(), place.dir().wal(), owner, place.logLimits(), entries, state)
          .close();
    } catch (LogFailure failure) {
      throw unusable(place, failure);
    }
  }

  /**
   * @param engines opens the store, which must be able to hold {@link Stores#tables}
   */
  static Storage open(Place place, Supplier<Engine> engines, boolean forceNewCluster) {
    try {
      return owning(place, engines, forceNewCluster);
    } catch (LockedLog locked) {
      throw new StartFailure(
          "open wal error: file already locked: " + locked.getMessage(),
          "another process uses this data directory");
    } catch (EngineFailure failure) {
      if (String.valueOf(failure.getCause()).contains("lock")) {
        throw new StartFailure(
            "open wal error: file already locked: " + place.dir().store(),
            "another process uses this data directory");
      }
      throw unusable(place, failure);
    } catch (CorruptLog corrupt) {
      throw new StartFailure(String.valueOf(corrupt.getMessage()));
    } catch (LogFailure | SnapshotFailure | UncheckedIOException failure) {
      throw unusable(place, failure);
    }
  }

  private static StartFailure unusable(Place place, RuntimeException failure) {
    String cause = failure.getCause() == null ? "" : ": " + failure.getCause().getMessage();
    return new StartFailure(
        "cannot open the data directory "
            + place.dir().root()
            + ": "
            + failure.getMessage()
            + cause,
        "check the disk, its free space and the rights of this user");
  }

  /** Whatever goes wrong, the store and the log are closed again. */
  private static Storage owning(Place place, Supplier<Engine> engines, boolean forceNewCluster) {
    // Takes the locks for a moment: a directory in use is refused before the store is touched.
    List<SnapshotMark> marks = WriteAheadLog.marks(place.disk(), place.dir().wal());
    boolean storeIsThere = place.disk().exists(place.dir().store());
    Optional<SnapshotMetadata> adopted = storeIsThere ? Optional.empty() : Adoption.examine(place);
    Engine engine = engines.get();
    try {
      LogPosition position = StoreMeta.position(engine);
      if (storeIsThere && position.index() == 0) {
        // Perhaps taking over was cut short; looking once more costs little.
        adopted = Adoption.examine(place);
      }
      Optional<SnapshotMark> pending =
          position.index() == 0 ? adopted.map(Storage::mark) : pendingSnapshot(marks, position);
      return opened(place, engine, pending, forceNewCluster);
    } catch (RuntimeException failure) {
      engine.close();
      throw failure;
    }
  }

  private static Storage opened(
      Place place, Engine engine, Optional<SnapshotMark> pending, boolean forceNewCluster) {
    SnapshotFiles snapshots = new SnapshotFiles(place.disk(), place.dir().snap());
    SnapshotDesk desk = new SnapshotDesk(snapshots, place.clock());
    Opened opened =
        WriteAheadLog.open(
            place.disk(),
            place.dir().wal(),
            pending.map(SnapshotMark::position).orElse(StoreMeta.position(engine)),
            place.logLimits());
    try {
      return bringTogether(
          opened,
          new Parts(engine, snapshots, desk, place.leaseSecondsMin()),
          pending,
          forceNewCluster);
    } catch (RuntimeException failure) {
      opened.log().close();
      throw failure;
    }
  }

  private record Parts(
      Engine engine, SnapshotFiles snapshots, SnapshotDesk desk, long leaseSecondsMin) {}

  private static Storage bringTogether(
      Opened opened, Parts parts, Optional<SnapshotMark> pending, boolean forceNewCluster) {
    Engine engine = parts.engine();
    SnapshotDesk desk = parts.desk();
    Stores stores = ownedStores(engine, opened.identity(), parts.leaseSecondsMin());
    if (pending.isEmpty() && StoreMeta.isInstalling(engine)) {
      throw new StartFailure(
          "a snapshot was being installed, but the log does not mark it",
          "remove this member from its cluster and add it again with an empty data directory");
    }
    pending.ifPresent(mark -> install(mark, desk, stores));
    HardState hardState = opened.hardState();
    if (forceNewCluster) {
      hardState = ForcedCluster.take(opened, stores);
    }
    long replayed = Replay.upTo(hardState.commit(), opened.log(), stores);
    LOG.atInfo()
        .addKeyValue("store-position", StoreMeta.position(engine))
        .addKeyValue("log-last-index", opened.log().lastIndex())
        .addKeyValue("replayed-entries", replayed)
        .log("opened the data directory");
    return new Storage(
        opened.log(),
        parts.snapshots(),
        desk,
        stores,
        opened.identity(),
        startState(opened, hardState, engine),
        lastOwnRequestId(opened));
  }

  private static SnapshotMark mark(SnapshotMetadata snapshot) {
    return new SnapshotMark(snapshot.position(), Optional.of(snapshot.confState()));
  }

  /** A received snapshot whose mark is in the log but whose state did not reach the store. */
  private static Optional<SnapshotMark> pendingSnapshot(
      List<SnapshotMark> marks, LogPosition position) {
    Optional<SnapshotMark> newest = Optional.empty();
    for (SnapshotMark mark : marks) {
      if (mark.position().index() > position.index()) {
        newest = Optional.of(mark);
      }
    }
    return newest;
  }

  private static void install(SnapshotMark mark, SnapshotDesk desk, Stores stores) {
    LOG.atInfo()
        .addKeyValue("snapshot", mark.position())
        .log("installing a snapshot that is not in the store yet");
    desk.install(
        new SnapshotMetadata(mark.position(), mark.confState().orElse(ConfState.EMPTY)), stores);
    stores.publishAll();
  }

  /** The store must be this log's; a new one becomes it. */
  private static Stores ownedStores(Engine engine, LogIdentity identity, long leaseSecondsMin) {
    StoreMeta.Owner owner =
        new StoreMeta.Owner(new MemberId(identity.memberId()), new MemberId(identity.clusterId()));
    Optional<StoreMeta.Owner> found = StoreMeta.owner(engine);
    if (found.isEmpty()) {
      Batch batch = new Batch();
      StoreMeta.putOwner(owner, batch);
      engine.write(batch);
    } else if (!found.get().equals(owner)) {
      throw new StartFailure(
          "the store belongs to member "
              + found.get().member()
              + " of cluster "
              + found.get().cluster()
              + ", the log to member "
              + owner.member()
              + " of cluster "
              + owner.cluster(),
          "put log and store of one member together again, or remove and re-add this member");
    }
    return Stores.open(engine, owner.cluster(), owner.member(), leaseSecondsMin);
  }

  private static StartState startState(Opened opened, HardState hardState, Engine engine) {
    LogPosition applied = StoreMeta.position(engine);
    long commit = Math.max(hardState.commit(), applied.index());
    LogPosition before = opened.beforeEntries();
    if (before.index() > applied.index()) {
      // More than the usual tail is not applied yet: the core needs all of it.
      before = applied;
    }
    WriteAheadLog log = opened.log();
    // Read again rather than taken from what was opened: a forced cluster has appended since.
    List<Entry> entries = log.read(before.index() + 1, log.lastIndex(), Integer.MAX_VALUE);
    return new StartState(
        new HardState(hardState.term(), hardState.vote(), commit),
        StoreMeta.configuration(engine),
        opened.log().beginning(),
        before,
        entries,
        applied);
  }

  /** The highest one, not the last: forwarded proposals may overtake each other. */
  private static long lastOwnRequestId(Opened opened) {
    long highest = 0;
    for (Entry entry : opened.entries()) {
      EntryCodec.Decoded decoded = EntryCodec.decode(entry);
      if (!(decoded.command() instanceof Command.Nothing)
          && RequestIds.isOwn(opened.identity().memberId(), decoded.requestId())
          && (highest == 0 || Long.compareUnsigned(decoded.requestId(), highest) > 0)) {
        highest = decoded.requestId();
      }
    }
    return highest;
  }

  /** Deletes files that are no longer needed, beyond the numbers to keep. */
  void purge(MemberConfig.Storage keep) {
    if (keep.walsMax() > 0) {
      log.purge(keep.walsMax());
    }
    if (keep.snapshotsMax() > 0) {
      snapshots.purge(keep.snapshotsMax());
    }
  }

  /** What the last flush does not hold any more, the log still does. */
  void close() {
    try {
      stores.close();
      stores.engine().flush();
    } finally {
      stores.engine().close();
      log.close();
    }
  }
}
