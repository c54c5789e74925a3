// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import io.kvorum.base.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How one term's leader brings its log to the others.
 *
 * <p>Nothing is sent when something happens; {@link #flush()} looks at every follower once per
 * drain and sends what is due then, so that a hundred proposals become one append.
 */
final class Replication {

  private final RaftConfig config;
  private final long term;
  private final RaftLog log;
  private final Membership membership;
  private final Outbox outbox;
  private final LongUnaryOperator matchOf = this::match;
  private final BooleanSupplier changeUnderWay;
  private Progress[] peers = new Progress[0];

  /**
   * @param changeUnderWay whether the voters may become others by what is in the log
   */
  Replication(
      RaftConfig config,
      long term,
      RaftLog log,
      Membership membership,
      Outbox outbox,
      BooleanSupplier changeUnderWay) {
    this.config = config;
    this.term = term;
    this.log = log;
    this.membership = membership;
    this.outbox = outbox;
    this.changeUnderWay = changeUnderWay;
    for (long id : others()) {
      add(new Progress(id, log.lastIndex() + 1, config.inflightMax()));
    }
  }

  /** Takes up new peers and forgets those that left. */
  void configurationChanged() {
    Progress[] before = peers;
    peers = new Progress[0];
    for (long id : others()) {
      Progress known = find(before, id);
      if (known == null) {
        known = new Progress(id, Math.max(1, log.lastIndex()), config.inflightMax());
        // Otherwise a member added just before a quorum check could make the leader give up.
        known.recentlyActive = true;
      }
      add(known);
    }
  }

  @Nullable Progress of(long id) {
    return find(peers, id);
  }

  /** The largest index that a quorum holds durably; the own disk counts like any other. */
  long agreedIndex() {
    return membership.quorum().agreed(matchOf);
  }

  /** Whether a quorum has confirmed the leadership for this round of reads. */
  boolean isConfirmed(long readRound) {
    return membership
        .quorum()
        .isMetBy(
            id -> {
              Progress peer = of(id);
              return id == config.id() || (peer != null && peer.confirmedRead >= readRound);
            });
  }

  /** Whether a quorum was heard since the last time this was asked. */
  boolean takeQuorumActive() {
    boolean active =
        membership
            .quorum()
            .isMetBy(
                id -> {
                  Progress peer = of(id);
                  return id == config.id() || (peer != null && peer.recentlyActive);
                });
    for (Progress peer : peers) {
      peer.recentlyActive = false;
    }
    return active;
  }

  void heartbeat(Bytes context) {
    for (Progress peer : peers) {
      long commit = Math.min(peer.match(), log.commit());
      outbox.immediate(new Message.Heartbeat(peer.id, config.id(), term, commit, context));
    }
  }

  /**
   * A regular heartbeat is about to leave. A follower that is behind, and is sent nothing else
   * until it answers that heartbeat, may have lost its last append.
   */
  void watchForLostAppends() {
    for (Progress peer : peers) {
      peer.watchForLostAppend(log.lastIndex());
    }
  }

  /** A hint's term lets a whole diverging term be skipped at once; 3.4 members send none. */
  void rejected(Progress peer, Message.AppendRejected answer) {
    LogPosition hint = answer.hint();
    long index =
        hint.term() > 0 ? log.lastAgreeable(hint.index(), hint.term()).index() : hint.index();
    peer.rejected(answer.index(), index);
  }

  void report(Input.PeerReport report) {
    Progress peer = of(report.peer());
    if (peer == null) {
      return;
    }
    switch (report) {
      case Input.EntriesRead read -> entriesRead(peer, read);
      case Input.EntriesGone gone -> {
        if (peer.awaiting == Progress.Awaiting.LOG_READ) {
          wantSnapshot(peer);
        }
      }
      case Input.SnapshotReady ready -> snapshotReady(peer, ready.snapshot());
      case Input.SnapshotUnavailable none -> {
        if (peer.awaiting == Progress.Awaiting.SNAPSHOT) {
          peer.awaiting = Progress.Awaiting.SNAPSHOT_RETRY;
        }
      }
      case Input.SnapshotSent sent -> peer.snapshotSent(sent.delivered());
      case Input.Unreachable lost -> peer.unreachable();
    }
  }

  void flush() {
    for (Progress peer : peers) {
      sendDue(peer);
    }
  }

  List<Status.Peer> status() {
    List<Status.Peer> all = new ArrayList<>(peers.length);
    for (Progress peer : peers) {
      all.add(
          new Status.Peer(
              peer.id,
              membership.isLearner(peer.id),
              peer.match(),
              peer.next(),
              peer.state().name(),
              peer.isPaused(),
              peer.inflightCount(),
              peer.recentlyActive));
    }
    return all;
  }

  private void sendDue(Progress peer) {
    while (!peer.isPaused()) {
      long previous = peer.next() - 1;
      if (previous < log.evictedIndex()) {
        fetch(peer);
        return;
      }
      List<Entry> entries = sendable(log.chunk(peer.next()));
      if (entries.isEmpty() && !peer.wantsWord(log.commit())) {
        return;
      }
      send(peer, new LogPosition(log.termAt(previous), previous), entries);
    }
    // Full, so no entries; but a lost append must be found out, and the commit index gets through.
    if (peer.state() == Progress.State.REPLICATE
        && peer.awaiting == Progress.Awaiting.NOTHING
        && peer.wantsWord(log.commit())) {
      long previous = peer.next() - 1;
      if (previous >= log.evictedIndex()) {
        send(peer, new LogPosition(log.termAt(previous), previous), List.of());
      } else if (peer.isResendDue()) {
        // The position to ask about has left memory: begin anew where the two are known to agree.
        peer.unreachable();
        sendDue(peer);
      }
    }
  }

  /**
   * A leader may send what its own disk does not hold yet, unless it is the only voter or a change
   * under way may make it that. Then a learner could come to hold more than the only log that
   * counts. If that one loses its tail in a crash, and the learner's promotion was committed
   * before, each waits for the other for ever: the voter for a vote that its shorter log does not
   * get, the learner for word that it may stand.
   */
  private List<Entry> sendable(List<Entry> entries) {
    long durable = log.durableIndex();
    if (entries.isEmpty()
        || entries.getLast().index() <= durable
        || !(changeUnderWay.getAsBoolean() || membership.quorum().isOnlyVoter(config.id()))) {
      return entries;
    }
    return entries.subList(0, (int) Math.max(0, durable + 1 - entries.getFirst().index()));
  }

  private void send(Progress peer, LogPosition previous, List<Entry> entries) {
    outbox.immediate(
        new Message.Append(peer.id, config.id(), term, previous, entries, log.commit()));
    peer.sent(previous.index() + entries.size(), log.commit());
  }

  /**
   * What follows {@code next - 1} is not in memory: the disk may have it, or a snapshot must do.
   */
  private void fetch(Progress peer) {
    if (peer.next() - 1 < log.reachableFrom()) {
      // A silent peer gets none: it may have been gone for long, and snapshots are dear.
      if (peer.recentlyActive) {
        wantSnapshot(peer);
      }
      return;
    }
    peer.awaiting = Progress.Awaiting.LOG_READ;
    outbox.logRead(
        new Effects.LogRead(peer.id, peer.next(), log.evictedIndex(), config.messageBytesMax()));
  }

  private void wantSnapshot(Progress peer) {
    peer.awaiting = Progress.Awaiting.SNAPSHOT;
    outbox.snapshotWanted(peer.id);
  }

  private void entriesRead(Progress peer, Input.EntriesRead read) {
    if (peer.awaiting != Progress.Awaiting.LOG_READ) {
      return;
    }
    peer.awaiting = Progress.Awaiting.NOTHING;
    // The follower may have answered something meanwhile; then the flush starts over.
    if (read.previous().index() == peer.next() - 1 && !peer.isPaused()) {
      send(peer, read.previous(), read.entries());
    }
  }

  private void snapshotReady(Progress peer, SnapshotMetadata snapshot) {
    if (peer.awaiting != Progress.Awaiting.SNAPSHOT) {
      return;
    }
    peer.awaiting = Progress.Awaiting.NOTHING;
    long index = snapshot.position().index();
    if (peer.match() < index && peer.next() <= index) {
      outbox.immediate(new Message.InstallSnapshot(peer.id, config.id(), term, snapshot));
      peer.snapshotLeaves(index);
    }
  }

  private long match(long id) {
    if (id == config.id()) {
      return log.durableIndex();
    }
    Progress peer = of(id);
    return peer == null ? 0 : peer.match();
  }

  private List<Long> others() {
    ConfState conf = membership.conf();
    List<Long> all = new ArrayList<>(conf.voters());
    all.addAll(conf.votersOutgoing());
    all.addAll(conf.learners());
    return all.stream()
        .distinct()
        .filter(id -> id != config.id())
        .sorted(Long::compareUnsigned)
        .toList();
  }

  private void add(Progress peer) {
    Progress[] more = Arrays.copyOf(peers, peers.length + 1);
    more[peers.length] = peer;
    peers = more;
  }

  private static @Nullable Progress find(Progress[] peers, long id) {
    for (Progress peer : peers) {
      if (peer.id == id) {
        return peer;
      }
    }
    return null;
  }
}
