// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.env.CrashDisk;
import io.kvorum.env.VirtualWorld;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.HardState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.RaftConfig;
import io.kvorum.raft.RaftCore;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.consensus.RequestIds;
import io.kvorum.server.member.Member;
import io.kvorum.server.member.MemberIds;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.storage.log.LogLimits;
import io.kvorum.server.storage.log.WriteAheadLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is left of three members goes on as one, from a real log. */
class ForcedClusterTest {

  private static final DataDir DIR =
      new DataDir(
          Path.of("/data"),
          Path.of("/data/member/wal"),
          Path.of("/data/member/snap"),
          Path.of("/data/member/store"));

  private final VirtualWorld world = new VirtualWorld(new SplittableRandom(1), 1_000_000);
  private final CrashDisk disk = new CrashDisk();
  private MemoryEngine engine = new MemoryEngine(Stores.tables());

  @Test
  void theOthersAreRemovedWhatWasNotCommittedIsGoneAndARestartFindsTheSame() {
    Member self = found(3);
    append(2, 4, "committed", 4);
    append(2, 5, "lost", 4);
    append(2, 6, "lost", 4);
    append(2, 7, "lost", 4);
    Storage forced = open(true);
    requireAlone(self, forced);
    assertEquals(6, forced.log().lastIndex(), "two removals in place of what was not committed");
    assertEquals(forced.log().lastIndex(), lastOf(forced));
    core(forced);
    forced.close();
    engine = engine.crash(new SplittableRandom(2));
    Storage again = open(false);
    requireAlone(self, again);
    core(again);
    again.close();
  }

  @Test
  void aLearnerThatIsAllThatIsLeftGetsTheVote() {
    Member self = found(3, true);
    append(2, 4, "committed", 4);
    Storage forced = open(true);
    requireAlone(self, forced);
    assertTrue(
        forced.stores().members().current().members().values().stream().noneMatch(Member::learner));
    core(forced);
    forced.close();
  }

  @Test
  void aClusterOfOneLosesOnlyWhatWasNotCommitted() {
    Member self = found(1);
    append(2, 2, "committed", 2);
    append(2, 3, "lost", 2);
    append(2, 4, "lost", 2);
    Storage forced = open(true);
    requireAlone(self, forced);
    assertEquals(3, forced.log().lastIndex());
    core(forced);
    forced.close();
  }

  @Test
  void theHighestOwnRequestIdCountsNotTheLastOne() {
    Member self = found(3);
    RequestIds ids = new RequestIds(self.id().value(), 5, 0);
    long low = ids.next();
    long high = ids.next();
    try (WriteAheadLog log = wal()) {
      log.append(
          List.of(entry(2, 4, high, "a"), entry(2, 5, low, "b")),
          Optional.of(new HardState(2, 0, 4)));
      log.sync();
    }
    Storage storage = open(false);
    assertEquals(high, storage.lastOwnRequestId());
    storage.close();
  }

  private void requireAlone(Member self, Storage storage) {
    assertEquals(
        List.of(self.id()), List.copyOf(storage.stores().members().current().members().keySet()));
    assertEquals(List.of(self.id().value()), storage.start().confState().voters());
    assertTrue(holds(storage, "/1/committed"));
    assertTrue(!holds(storage, "/1/lost"), "an uncommitted entry was applied");
  }

  /** The core must be able to start from it. */
  private static void core(Storage storage) {
    RaftCore core =
        new RaftCore(
            RaftConfig.of(storage.identity().memberId()), storage.start(), new SplittableRandom(3));
    for (int i = 0; i < 100; i++) {
      core.step(new io.kvorum.raft.Input.Tick());
    }
    assertTrue(core.hasEffects(), "a cluster of one elects itself");
  }

  private static long lastOf(Storage storage) {
    List<Entry> entries = storage.start().entries();
    return entries.isEmpty() ? storage.start().beforeEntries().index() : entries.getLast().index();
  }

  private static boolean holds(Storage storage, String path) {
    return storage.stores().tree().view().get(Bytes.utf8(path), false, false)
        instanceof Outcome.TreeChanged;
  }

  private Member found(int members) {
    return found(members, false);
  }

  /**
   * @param learner whether the member itself, the one of the lowest id, has no vote
   */
  private Member found(int members, boolean learner) {
    List<Member> founders = new ArrayList<>();
    for (int i = 1; i <= members; i++) {
      List<String> urls = List.of("http://10.0.0." + i + ":2380");
      MemberId id = MemberIds.atBootstrap(urls, "force");
      founders.add(new Member(id, "m" + i, urls, List.of(), false));
    }
    founders.sort(Comparator.comparing(Member::id));
    Member first = founders.getFirst();
    founders.set(0, new Member(first.id(), first.name(), first.peerUrls(), List.of(), learner));
    DIR.prepare(disk);
    SimulatedMember.makeStoreFolder(disk);
    Storage.found(
        place(),
        new Identity(
            founders.getFirst().id(),
            MemberIds.ofCluster(founders.stream().map(Member::id).toList()),
            founders));
    return founders.getFirst();
  }

  private void append(long term, long index, String key, long commit) {
    try (WriteAheadLog log = wal()) {
      log.append(
          List.of(entry(term, index, index, key)), Optional.of(new HardState(term, 0, commit)));
      log.sync();
    }
  }

  private static Entry entry(long term, long index, long requestId, String key) {
    EntryCodec.Encoded set =
        EntryCodec.encode(
            requestId,
            new TreeCommand.Set(Bytes.utf8("/1/" + key), false, Bytes.utf8("x"), 0, false));
    return new Entry(EntryType.NORMAL, term, index, set.data());
  }

  private WriteAheadLog wal() {
    return WriteAheadLog.open(disk, DIR.wal(), LogPosition.ZERO, LogLimits.DEFAULT).log();
  }

  private Storage open(boolean force) {
    return Storage.open(place(), () -> engine, force);
  }

  private Storage.Place place() {
    return new Storage.Place(DIR, disk, world, LogLimits.DEFAULT);
  }
}
