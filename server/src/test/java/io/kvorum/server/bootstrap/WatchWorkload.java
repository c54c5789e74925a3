// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.server.command.EncodedEvent;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.command.WatchEvents;
import io.kvorum.server.command.WatchNotice;
import io.kvorum.server.command.WatchQuery;
import io.kvorum.server.watch.WatchStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Clients that follow ranges of the v3 keyspace, go on at another member when theirs is gone or
 * when they feel like it, read slowly, and believe what they are told of progress: each must be
 * told of each revision that concerns it once, whole and in order, unless it was told that it is
 * too late.
 */
final class WatchWorkload implements Workload {

  private static final long LOOK_NANOS_MAX = 40_000_000;

  /** So slow that history is gone now and then. */
  private static final long SLOW_LOOK_NANOS_MAX = 8_000_000_000L;

  private static final Bytes OPEN_END = Bytes.wrap(new byte[1]);

  private final SimulatedCluster cluster;
  private final List<Follower> followers = new ArrayList<>();

  WatchWorkload(SimulatedCluster cluster) {
    this.cluster = cluster;
    followers.add(new Follower(OPEN_END, OPEN_END, LOOK_NANOS_MAX));
    followers.add(new Follower(Bytes.utf8("register-"), Bytes.utf8("register."), LOOK_NANOS_MAX));
    followers.add(new Follower(Bytes.utf8("register-1"), Bytes.EMPTY, LOOK_NANOS_MAX));
    followers.add(new Follower(OPEN_END, OPEN_END, SLOW_LOOK_NANOS_MAX));
    followers.forEach(Follower::start);
  }

  /** Asks now and then how far a client is; the slow one does not. */
  @Override
  public void step() {
    if (cluster.random().nextInt(20) == 0) {
      followers.get(cluster.random().nextInt(followers.size() - 1)).ask();
    }
  }

  /** Once the slow one has had the time it needs. */
  @Override
  public void judge() {
    followers.forEach(follower -> follower.lookNanosMax = LOOK_NANOS_MAX);
    cluster.world().run(Duration.ofSeconds(20));
    followers.forEach(Follower::judge);
  }

  private record Gap(long from, long to) {}

  private final class Follower {
    private final Bytes key;
    private final Bytes rangeEnd;
    private long lookNanosMax;
    private final Map<Long, List<String>> told = new TreeMap<>();
    private final List<Gap> gaps = new ArrayList<>();
    private SimulatedMember.@Nullable Running member;
    private @Nullable WatchStream stream;
    private boolean ended;
    private int room;
    private long first;
    private long next;

    Follower(Bytes key, Bytes rangeEnd, long lookNanosMax) {
      this.lookNanosMax = lookNanosMax;
      this.key = key;
      this.rangeEnd = rangeEnd;
    }

    /** Looks from now on, for ever. */
    void start() {
      cluster
          .world()
          .after(
              cluster.random().nextLong(lookNanosMax),
              () -> {
                look();
                start();
              });
    }

    private void look() {
      WatchStream now = stream;
      if (now == null || ended || !isUp() || cluster.random().nextInt(200) == 0) {
        begin();
      } else {
        room = cluster.random().nextInt(4);
        now.pump();
      }
    }

    private boolean isUp() {
      return cluster.members().stream()
          .anyMatch(candidate -> candidate.isRunning() && candidate.running() == member);
    }

    private void begin() {
      if (stream != null && isUp()) {
        stream.close();
      }
      stream = null;
      List<SimulatedMember> members = cluster.members();
      SimulatedMember candidate = members.get(cluster.random().nextInt(members.size()));
      if (!candidate.isRunning()) {
        return;
      }
      SimulatedMember.Running running = candidate.running();
      member = running;
      ended = false;
      WatchStream begun = running.keyspaceWatches().open(this::hear, () -> room <= 0, () -> {});
      stream = begun;
      begun.create(WatchQuery.of(key, rangeEnd, next));
      cluster.tally().count("v3 watches begun again");
    }

    void ask() {
      if (stream != null && isUp()) {
        stream.requestProgress();
      }
    }

    private void hear(WatchNotice notice) {
      room--;
      switch (notice) {
        case WatchNotice.Created(long id, long revision) -> {
          if (next == 0) {
            first = revision + 1;
            next = first;
          }
        }
        case WatchNotice.Happened(long id, var query, var events) -> happened(events);
        case WatchNotice.Compacted(long id, long compactRevision) -> {
          assertTrue(next < compactRevision, "told to be too late at " + next);
          cluster.tally().count("v3 watches told that they are too late");
          gaps.add(new Gap(next, compactRevision - 1));
          next = compactRevision;
          ended = true;
        }
        // Whoever goes on elsewhere goes on behind that.
        case WatchNotice.Progress(long id, long revision) -> {
          cluster.tally().count("v3 watches told how far they are");
          next = Math.max(next, revision + 1);
        }
        case WatchNotice.Refused refused -> throw new AssertionError("refused: " + refused);
        case WatchNotice.Cancelled cancelled -> throw new AssertionError("nobody cancelled");
      }
    }

    private void happened(WatchEvents happened) {
      for (EncodedEvent event : happened.events()) {
        assertTrue(event.revision() >= next, () -> event + " where " + next + " is due");
        told.computeIfAbsent(event.revision(), none -> new ArrayList<>())
            .add(event.kind() + " " + event.kv().encoded().hex());
        cluster.tally().count("v3 events told");
      }
      next = happened.events().getLast().revision() + 1;
    }

    void judge() {
      Map<Long, List<String>> due = new TreeMap<>();
      cluster
          .changes()
          .forEach(
              (revision, events) -> {
                List<String> mine = mine(events);
                if (revision >= first && !mine.isEmpty() && !isInGap(revision)) {
                  due.put(revision, mine);
                }
              });
      assertTrue(first > 0, "a watch began");
      due.forEach(
          (revision, events) -> assertEquals(events, told.get(revision), "revision " + revision));
    }

    private boolean isInGap(long revision) {
      return gaps.stream().anyMatch(gap -> gap.from() <= revision && revision <= gap.to());
    }

    private List<String> mine(List<KeyEvent> events) {
      var range = WatchQuery.of(key, rangeEnd, 0).range();
      return events.stream()
          .filter(event -> range.contains(event.kv().key()))
          .map(event -> event.kind() + " " + event.kv().encoded().hex())
          .toList();
    }
  }
}
